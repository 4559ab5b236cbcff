//! `/metrics`, in the text format of Prometheus.

use std::sync::atomic::{AtomicI64, AtomicU64};

use axum::Extension;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;
use pilothouse_console::Rights;
use pilothouse_model::{Freshness, Liveness};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::AppState;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    path: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RegistryLabel {
    registry: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabel {
    state: &'static str,
}

/// What is counted as it happens. Everything else is read when asked.
pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { requests: Family::default(), seconds: Histogram::new(exponential_buckets(0.000_5, 2.0, 14)) }
    }
}

/// Counts requests by route, never by raw path. The stream counts when it opens.
pub(super) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.extensions().get::<MatchedPath>().map_or_else(|| "page".to_owned(), |path| path.as_str().to_owned());
    let started = tokio::time::Instant::now();
    let response = next.run(request).await;
    state.metrics.seconds.observe(started.elapsed().as_secs_f64());
    state.metrics.requests.get_or_create(&RequestLabels { method, path, status: response.status().as_u16() }).inc();
    response
}

/// Everything, as text.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(crate) async fn metrics(State(state): State<AppState>, Extension(rights): Extension<Rights>) -> Response {
    let mut registry = Registry::with_prefix("pilothouse");
    registry.register("http_requests", "Requests answered, by route", state.metrics.requests.clone());
    registry.register("http_request_seconds", "Time to the first byte of an answer", state.metrics.seconds.clone());
    let number = |name: &str, help: &str, value: i64, registry: &mut Registry| {
        let gauge: Gauge<i64, AtomicI64> = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    number("open_streams", "Live streams open now", i64::try_from(state.hub.open_streams()).unwrap_or(i64::MAX), &mut registry);
    let recorder = state.hub.recorder();
    number("ledger_failing", "1 while the ledger cannot be written", i64::from(recorder.failing.is_some()), &mut registry);
    for (name, help, value) in [
        ("ledger_facts", "Facts written into the ledger since the start", recorder.facts),
        ("ledger_facts_dropped", "Facts dropped because the ledger could not be written for too long", recorder.dropped),
    ] {
        let counter: Counter<u64, AtomicU64> = Counter::default();
        counter.inc_by(value);
        registry.register(name, help, counter);
    }
    fleet(&state, &rights, &mut registry);
    let mut text = String::new();
    if encode(&mut text, &registry).is_err() {
        return http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

fn fleet(state: &AppState, rights: &Rights, registry: &mut Registry) {
    let overview = state.console.registries(rights);
    let live: Family<RegistryLabel, Gauge> = Family::default();
    let age: Family<RegistryLabel, Gauge<f64, AtomicU64>> = Family::default();
    let instances: Family<RegistryLabel, Gauge> = Family::default();
    let requests: Family<RegistryLabel, Gauge> = Family::default();
    for row in &overview.registries {
        let label = RegistryLabel { registry: row.id.to_string() };
        live.get_or_create(&label).set(i64::from(row.freshness.is_live()));
        let proof = match row.freshness {
            Freshness::Live { proof } => Some(proof),
            Freshness::Stale { since } => Some(since),
            Freshness::Never => None,
        };
        if let Some(proof) = proof {
            #[allow(clippy::cast_precision_loss, reason = "ages of a console fit a double")]
            age.get_or_create(&label).set(overview.now.since(proof) as f64 / 1000.0);
        }
        instances.get_or_create(&label).set(i64::from(row.instances));
        requests.get_or_create(&label).set(i64::from(row.source.requests_per_minute));
    }
    registry.register("registry_live", "1 while the view of a registry is live", live);
    registry.register("registry_proof_age_seconds", "Age of the last proof of life of a registry", age);
    registry.register("registry_instances", "Instances a registry lists", instances);
    registry.register("registry_requests_per_minute", "Requests sent to a registry in the last minute", requests);
    let totals = state.console.totals(rights);
    let services: Family<StateLabel, Gauge> = Family::default();
    for liveness in Liveness::ALL {
        services.get_or_create(&StateLabel { state: liveness.slug() }).set(i64::from(totals.of(liveness)));
    }
    registry.register("services", "Services by state", services);
}
