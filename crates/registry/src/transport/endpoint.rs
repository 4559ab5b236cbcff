//! One server address: its breaker, its figures, its last error.

use std::time::Duration;

use parking_lot::Mutex;
use pilothouse_model::{EndpointStatus, Millis};

use super::breaker::CircuitBreaker;
use super::latency::Latency;
use super::url::BaseUrl;

pub(super) struct Endpoint {
    pub(super) url: BaseUrl,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    breaker: CircuitBreaker,
    latency: Latency,
    last_error: Option<(Millis, String)>,
}

impl Endpoint {
    pub(super) fn new(url: BaseUrl) -> Self {
        Self { url, state: Mutex::default() }
    }

    /// Lets one exchange through, or not. The exchange must be reported on the [`Trial`]; a dropped one was given up.
    pub(super) fn admit(&self, now: impl Fn() -> Duration + Send + Sync + 'static) -> Option<Trial<'_>> {
        let admitted = self.state.lock().breaker.admit(now());
        admitted.then(|| Trial { endpoint: self, now: Box::new(now), open: true })
    }

    pub(super) fn opens_again_at(&self) -> Option<Duration> {
        self.state.lock().breaker.opens_again_at()
    }

    pub(super) fn note(&self, at: Millis, why: String) {
        self.state.lock().last_error = Some((at, why));
    }

    pub(super) fn status(&self, moment: impl FnOnce(Duration) -> Millis) -> EndpointStatus {
        let state = self.state.lock();
        EndpointStatus {
            url: self.url.text.clone(),
            breaker: state.breaker.status(moment),
            p50_ms: state.latency.percentile_ms(50),
            p95_ms: state.latency.percentile_ms(95),
            last_error: state.last_error.clone(),
        }
    }
}

/// An exchange under way. Dropping it without a report frees the breaker's single try.
pub(super) struct Trial<'a> {
    endpoint: &'a Endpoint,
    now: Box<dyn Fn() -> Duration + Send + Sync>,
    open: bool,
}

impl Trial<'_> {
    /// The endpoint answered; `took` is measured unless the exchange was a wait.
    pub(super) fn succeeded(mut self, took: Option<Duration>) {
        self.open = false;
        let mut state = self.endpoint.state.lock();
        state.breaker.succeeded();
        if let Some(took) = took {
            state.latency.record(took);
        }
    }

    /// The exchange failed in a way that speaks against the endpoint.
    pub(super) fn failed(mut self) {
        self.open = false;
        let now = (self.now)();
        self.endpoint.state.lock().breaker.failed(now);
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if self.open {
            let now = (self.now)();
            self.endpoint.state.lock().breaker.abandoned(now);
        }
    }
}
