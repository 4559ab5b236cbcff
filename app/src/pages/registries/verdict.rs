//! The headline of one registry: subject, verb, count.

use pilothouse_api::RegistryRow;
use pilothouse_model::{Breaker, Freshness, Login};

use crate::i18n::registries::texts;
use crate::i18n::{Lang, amount};

/// What to say of a registry of this freshness.
pub(super) fn headline(row: &RegistryRow, freshness: Freshness, lang: Lang) -> String {
    let t = texts(lang);
    let (name, source) = (&row.name, &row.source);
    let all = source.endpoints.len();
    let open = source.endpoints.iter().filter(|endpoint| endpoint.breaker != Breaker::Closed).count();
    let refused = matches!(source.login, Login::Refused { .. });
    match freshness {
        _ if refused => (t.login_refused)(name),
        Freshness::Never => (t.never_read)(name),
        Freshness::Stale { .. } if open > 0 => (t.does_not_answer)(name, open, all),
        Freshness::Stale { .. } => (t.silent)(name),
        Freshness::Live { .. } if open > 0 => (t.some_do_not)(name, open, all),
        Freshness::Live { .. } if !source.problems.is_empty() => (t.view_is_limited)(name),
        Freshness::Live { .. } if all == 1 => (t.answers_alone)(name),
        Freshness::Live { .. } => (t.answers)(name, &amount::of(lang, all as i64, all as i64)),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use pilothouse_model::{
        BeatSource, Capabilities, ConfigCapabilities, EndpointStatus, InstanceCapabilities, Millis, RegistryKind, SourceProblem,
        SourceReport,
    };

    use super::*;

    pub(crate) fn row(open: usize) -> RegistryRow {
        let endpoint = |at: usize| EndpointStatus {
            url: format!("http://10.8.1.1{at}:8500"),
            breaker: if at < open { Breaker::Open { until: Millis(9_000) } } else { Breaker::Closed },
            p50_ms: Some(4.0),
            p95_ms: Some(12.0),
            last_error: None,
        };
        RegistryRow {
            id: "consul-west".parse().unwrap(),
            name: "consul-west".into(),
            kind: RegistryKind::Consul,
            freshness: Freshness::Live { proof: Millis(0) },
            bound_ms: 15_000,
            view_of: Some(Millis(0)),
            services: 72,
            instances: 846,
            protected: 0,
            lag_p95_ms: None,
            source: SourceReport { endpoints: (0..3).map(endpoint).collect(), ..SourceReport::default() },
            capabilities: Capabilities {
                instances: InstanceCapabilities::default(),
                configs: ConfigCapabilities::default(),
                beats: BeatSource::Never,
                unhealthy_phase: true,
            },
            last_error: None,
            failures: 0,
            retry_at: None,
            hour: Vec::new(),
        }
    }

    #[test]
    fn the_worst_that_is_known_is_the_headline() {
        let (live, stale) = (Freshness::Live { proof: Millis(0) }, Freshness::Stale { since: Millis(0) });
        let mut refused = row(0);
        refused.source.login = Login::Refused { why: "403".into() };
        let mut limited = row(0);
        limited.source.problems.push(SourceProblem::FilteredEmpty { what: "services".into() });
        for (row, freshness, text) in [
            (row(0), live, "consul-west answers on 3 of 3 endpoints"),
            (row(1), live, "consul-west answers, 1 of 3 endpoints does not"),
            (row(3), stale, "consul-west does not answer on 3 of 3 endpoints"),
            (row(0), stale, "consul-west gives no proof of life"),
            (row(0), Freshness::Never, "consul-west was not read yet"),
            (refused, stale, "consul-west refuses our login"),
            (limited, live, "consul-west answers and does not show everything"),
        ] {
            assert_eq!(headline(&row, freshness, Lang::En), text);
        }
    }
}
