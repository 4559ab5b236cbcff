//! One registry as the fleet knows it: its freshness, its counts, its last hour.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use pilothouse_api::{FreshnessPoint, HISTORY_MS, RegistryRow};
use pilothouse_model::{Freshness, Instance, InstanceKey, Millis, RegistryId, Service, ServiceKey};
use pilothouse_registry::Registry;
use tokio::time::Instant;

const MINUTE_MS: i64 = 60_000;
/// Lag samples kept.
const LAGS: usize = 256;

/// State of one registry.
pub(crate) struct RegistryState {
    pub(crate) name: String,
    pub(crate) bound_ms: i64,
    pub(crate) adapter: Arc<dyn Registry>,
    pub(super) services: u32,
    pub(super) instances: u32,
    pub(super) protected: u32,
    /// A whole list that is being read.
    pub(super) listing: Option<Listing>,
    pub(super) view_of: Option<Millis>,
    /// Whether the view comes from a whole list of this process, not from the ledger.
    pub(super) listed: bool,
    pub(super) last_error: Option<(Millis, String)>,
    pub(super) failures: u32,
    pub(super) retry_at: Option<Millis>,
    /// Spans in which the source was stale within the last hour; the end of the last one may be open.
    pub(super) stale_spans: VecDeque<(Millis, Option<Millis>)>,
    proof: Option<(Millis, Instant)>,
    /// The proof before that, at another moment: the last look that may have shown something else.
    earlier_proof: Option<Millis>,
    seeded_proof: Option<Millis>,
    freshness: Freshness,
    hour: VecDeque<FreshnessPoint>,
    lags: VecDeque<Duration>,
    pub(super) sent: Option<RegistryRow>,
}

/// Entries of a whole list, until it is whole.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) services: HashMap<ServiceKey, Service>,
    pub(super) instances: HashMap<InstanceKey, Instance>,
}

impl RegistryState {
    /// A registry of which nothing is known yet.
    pub(crate) fn new(name: String, bound_ms: i64, adapter: Arc<dyn Registry>) -> Self {
        Self {
            name,
            bound_ms,
            adapter,
            services: 0,
            instances: 0,
            protected: 0,
            listing: None,
            view_of: None,
            listed: false,
            last_error: None,
            failures: 0,
            retry_at: None,
            stale_spans: VecDeque::new(),
            proof: None,
            earlier_proof: None,
            seeded_proof: None,
            freshness: Freshness::Never,
            hour: VecDeque::new(),
            lags: VecDeque::new(),
            sent: None,
        }
    }

    pub(crate) fn id(&self) -> &RegistryId {
        self.adapter.id()
    }

    pub(super) fn freshness(&self) -> Freshness {
        self.freshness
    }

    /// The last moment at which the view was known to be true, in this process or the one before.
    pub(super) fn last_proof(&self) -> Option<Millis> {
        if self.listed { self.proof.map(|(at, _)| at) } else { self.seeded_proof }
    }

    /// The last look before `now`: what is new now happened after it. Events of one look come one by one, at one moment.
    pub(super) fn look_before(&self, now: Millis) -> Option<Millis> {
        self.last_proof().filter(|proof| *proof < now).or(self.earlier_proof).or(self.seeded_proof)
    }

    /// The view of an earlier process, true at `proof`.
    pub(super) fn seed(&mut self, proof: Millis) {
        self.seeded_proof = Some(proof);
        self.view_of = Some(proof);
        self.freshness = Freshness::Stale { since: proof };
        self.stale_spans.push_back((proof, None));
    }

    /// The source proved alive, and that the view we hold is true. While a list is being read it proves nothing of the kind:
    /// the old view may be long wrong.
    pub(super) fn prove(&mut self, now: Millis, instant: Instant) {
        self.point(now).events += 1;
        if self.listed && self.listing.is_none() {
            if let Some((before, _)) = self.proof.filter(|(before, _)| *before != now) {
                self.earlier_proof = Some(before);
            }
            self.proof = Some((now, instant));
            self.view_of = Some(now);
        }
    }

    /// Recomputes freshness; returns the new one if it turned. Ages are measured on the monotonic clock, so that a jump
    /// of the wall clock makes nothing stale.
    pub(super) fn turn(&mut self, now: Millis, instant: Instant) -> Option<Freshness> {
        let age_ms = self
            .proof
            .filter(|_| self.listed)
            .map(|(_, proved)| i64::try_from(instant.duration_since(proved).as_millis()).unwrap_or(i64::MAX));
        let next = match age_ms {
            Some(age) if self.listed && age <= self.bound_ms => Freshness::Live { proof: self.proof.map_or(now, |(at, _)| at) },
            _ => self.last_proof().map_or(Freshness::Never, |since| Freshness::Stale { since }),
        };
        if let Some(age) = age_ms {
            let point = self.point(now);
            point.age_ms = point.age_ms.max(age);
        }
        let turned = next.is_live() != self.freshness.is_live();
        self.freshness = next;
        if turned && next.is_live() {
            self.failures = 0;
            self.retry_at = None;
            if let Some((_, end)) = self.stale_spans.back_mut() {
                end.get_or_insert(now);
            }
        } else if turned {
            self.stale_spans.push_back((now, None));
        }
        while self.stale_spans.front().is_some_and(|(_, end)| end.is_some_and(|end| now.since(end) > HISTORY_MS)) {
            self.stale_spans.pop_front();
        }
        turned.then_some(next)
    }

    /// Notes how long an event took from its receipt to its frame.
    pub(super) fn lag(&mut self, lag: Duration) {
        if self.lags.len() == LAGS {
            self.lags.pop_front();
        }
        self.lags.push_back(lag);
    }

    /// Notes the requests of the last minute.
    pub(super) fn requests(&mut self, now: Millis, requests: u32) {
        let point = self.point(now);
        point.requests = point.requests.max(requests);
    }

    fn point(&mut self, now: Millis) -> &mut FreshnessPoint {
        let minute = Millis(now.0.div_euclid(MINUTE_MS) * MINUTE_MS);
        if self.hour.back().is_none_or(|point| point.minute != minute) {
            self.hour.push_back(FreshnessPoint { minute, age_ms: 0, requests: 0, events: 0 });
            while self.hour.len() > 60 {
                self.hour.pop_front();
            }
        }
        self.hour.back_mut().expect("a point was just pushed")
    }

    /// The row of the pages.
    pub(super) fn row(&self) -> RegistryRow {
        RegistryRow {
            id: self.id().clone(),
            name: self.name.clone(),
            kind: self.adapter.kind(),
            freshness: self.freshness,
            bound_ms: self.bound_ms,
            view_of: self.view_of,
            services: self.services,
            instances: self.instances,
            protected: self.protected,
            lag_p95_ms: self.lag_p95(),
            source: self.adapter.report(),
            capabilities: self.adapter.capabilities(),
            last_error: self.last_error.clone(),
            failures: self.failures,
            retry_at: self.retry_at,
            hour: self.hour.iter().copied().collect(),
        }
    }

    fn lag_p95(&self) -> Option<f64> {
        let mut sorted: Vec<_> = self.lags.iter().copied().collect();
        sorted.sort_unstable();
        let rank = (sorted.len() * 95).div_ceil(100).checked_sub(1)?;
        Some(sorted[rank].as_secs_f64() * 1000.0)
    }
}
