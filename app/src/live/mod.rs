//! What the browser holds of the fleet, and how it stays current: one stream per tab, one store, one clock.
//!
//! On the server the store is filled from the page's own data and rendered once. In the browser it starts from exactly the same
//! data and is then fed by the stream. It must never know a view.

#[cfg(any(feature = "hydrate", feature = "csr", test))]
mod backoff;
mod clock;
mod counts;
#[cfg(any(feature = "hydrate", feature = "csr", test))]
mod inbox;
mod link;
mod services;
#[cfg(any(feature = "hydrate", feature = "csr"))]
mod source;
mod topics;

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::{
    Body, Frame, Horizon, LedgerRow, OverviewAnswer, RegistriesAnswer, RegistryRow, ServiceAnswer, ServiceRow, StreamEvent, Topic, Totals,
};
use pilothouse_model::{Freshness, Liveness, Millis, RegistryId, RegistryKind, ServiceId};

pub(crate) use clock::Clock;
#[cfg(feature = "csr")]
pub(crate) use clock::browser_now;
pub(crate) use counts::Counts;
pub(crate) use link::Link;
pub(crate) use services::{Extent, Row, Services};
pub(crate) use topics::Topics;

use crate::boot::{Boot, Outline};
use crate::distinct::distinct;

/// Most rows of the ledger's tail that are held.
const LEDGER_TAIL: usize = 500;

/// The live store. Cheap to copy; in context of every view.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// The server's time, ticking in the browser.
    pub(crate) clock: Clock,
    /// State of the stream.
    pub(crate) link: RwSignal<Link>,
    /// Counts over everything.
    pub(crate) totals: RwSignal<Totals>,
    /// Every registry, by id; empty until a page or the stream brings them.
    pub(crate) registries: RwSignal<Arc<Vec<RegistryRow>>>,
    /// Registries whose last proof of life is older than their bound by the browser's own reckoning.
    pub(crate) stale: Memo<Arc<BTreeSet<RegistryId>>>,
    /// The last hour.
    pub(crate) horizon: RwSignal<Horizon>,
    /// Service summaries.
    pub(crate) services: Services,
    /// The one service that is followed.
    pub(crate) service: RwSignal<Option<Watched>>,
    /// Transitions since the page was opened, newest first; at most 500.
    pub(crate) tail: RwSignal<Arc<Vec<LedgerRow>>>,
    /// Since when the reader holds the page still.
    pub(crate) paused: RwSignal<Option<Millis>>,
    /// Rows that wait for the reader to go on.
    pub(crate) waiting: RwSignal<usize>,
    /// Frames applied, for the dot that blinks.
    pub(crate) frames: RwSignal<u32>,
    /// Whether the server runs another build than this page.
    pub(crate) newer: RwSignal<bool>,
    /// What the views follow.
    topics: RwSignal<Topics>,
    /// Topics of which a whole, current picture is held.
    held: StoredValue<BTreeSet<Topic>>,
}

/// What is known of the followed service.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Watched {
    /// Which.
    pub(crate) id: ServiceId,
    /// `None`: there is no such service (any more).
    pub(crate) answer: Option<Arc<ServiceAnswer>>,
}

/// The store in context.
pub(crate) fn use_live() -> Live {
    expect_context()
}

impl Live {
    /// A store that knows what the document brought.
    pub(crate) fn new(boot: &Boot) -> Self {
        let Outline { totals, horizon, registries, .. } = &boot.outline;
        let clock = Clock::new(boot.now);
        let registries = RwSignal::new(Arc::new(registries.clone()));
        let stale = Memo::new(move |_| {
            let now = clock.now.get();
            registries.with(|rows| Arc::new(distinct(rows.iter().filter(|row| !freshness(row, now).is_live()).map(|row| row.id.clone()))))
        });
        Self {
            clock,
            link: RwSignal::new(Link::Still),
            totals: RwSignal::new(totals.clone()),
            registries,
            stale,
            horizon: RwSignal::new(horizon.clone()),
            services: Services::new(),
            service: RwSignal::new(None),
            tail: RwSignal::default(),
            paused: RwSignal::new(None),
            waiting: RwSignal::new(0),
            frames: RwSignal::new(0),
            newer: RwSignal::new(false),
            topics: RwSignal::default(),
            held: StoredValue::new(BTreeSet::new()),
        }
    }

    /// Opens the stream; does nothing on the server.
    pub(crate) fn start(self, _boot: &Boot) {
        #[cfg(any(feature = "hydrate", feature = "csr"))]
        source::start(self, _boot.build.clone());
    }

    /// Follows topics for as long as the current view lives.
    pub(crate) fn follow(self, topics: impl IntoIterator<Item = Topic>) {
        let topics: Vec<Topic> = topics.into_iter().collect();
        self.topics.update(|all| all.add(&topics));
        on_cleanup(move || {
            // The store may be gone already when the whole page goes.
            let _ = self.topics.try_update(|all| all.remove(&topics));
        });
    }

    /// The server's time; reading it subscribes to its ticks.
    pub(crate) fn now(self) -> Millis {
        self.clock.now.get()
    }

    /// Whether nothing from this registry may be shown as well.
    pub(crate) fn is_stale(self, registry: &RegistryId) -> bool {
        self.stale.with(|stale| stale.contains(registry))
    }

    /// The freshness of a registry by the browser's own reckoning; `None` when the registry is not known here.
    pub(crate) fn freshness(self, registry: &RegistryId) -> Option<Freshness> {
        let now = self.now();
        self.registries.with(|rows| rows.iter().find(|row| row.id == *registry).map(|row| freshness(row, now)))
    }

    /// How a service is doing, seen through the freshness of its source as of this moment.
    pub(crate) fn liveness(self, row: &ServiceRow) -> Liveness {
        if self.is_stale(&row.registry) { Liveness::Unknown } else { row.liveness }
    }

    /// How many of a service's instances are healthy, as far as its source may still be believed.
    pub(crate) fn healthy(self, row: &ServiceRow) -> Option<u32> {
        if self.is_stale(&row.registry) { None } else { row.healthy }
    }

    /// Holds the page still, or goes on with everything that waits.
    pub(crate) fn hold_or_go_on(self) {
        let now = self.clock.now.get_untracked();
        self.paused.update(|paused| *paused = if paused.is_some() { None } else { Some(now) });
    }

    /// Which protocol a registry speaks; `None` when the registry is not known here yet.
    pub(crate) fn kind(self, registry: &RegistryId) -> Option<RegistryKind> {
        self.registries.with(|rows| rows.iter().find(|row| row.id == *registry).map(|row| row.kind))
    }

    /// Live registries and all of them.
    pub(crate) fn registries_live(self) -> (u32, u32) {
        let (all, stale) = (self.registries.with(|rows| rows.len()), self.stale.with(|stale| stale.len()));
        if all == 0 {
            self.totals.with(|totals| (totals.live, totals.registries))
        } else {
            let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            (whole(all - stale), whole(all))
        }
    }

    /// Starts from the data of the Overview page, unless the stream knows better by now.
    pub(crate) fn seed_overview(self, answer: &OverviewAnswer) {
        if !self.holds(Topic::Registries) {
            self.registries.set(Arc::new(answer.registries.clone()));
        }
        if !self.holds(Topic::Services) {
            let rows = answer.failing.iter().chain(&answer.cells).cloned();
            self.services.seed(rows, answer.totals.services);
        }
    }

    /// Starts from the data of the Registries page, unless the stream knows better by now.
    pub(crate) fn seed_registries(self, answer: &RegistriesAnswer) {
        if !self.holds(Topic::Registries) {
            self.registries.set(Arc::new(answer.registries.clone()));
        }
    }

    /// Starts from the data of the Service page, unless the stream knows better by now.
    pub(crate) fn seed_service(self, answer: &ServiceAnswer) {
        if !self.holds(Topic::Service(answer.row.id)) {
            self.service.set(Some(Watched { id: answer.row.id, answer: Some(Arc::new(answer.clone())) }));
        }
    }

    /// Whether a whole, current picture of a topic is held.
    fn holds(self, topic: Topic) -> bool {
        self.held.with_value(|held| held.contains(&topic))
    }

    /// Takes in one frame.
    pub(crate) fn apply(self, event: StreamEvent, frame: Frame) {
        let whole = event == StreamEvent::Snapshot;
        if whole {
            self.held.update_value(|held| _ = held.insert(frame.topic));
        }
        match frame.body {
            Body::Totals { totals } => self.totals.set(totals),
            Body::Registries { upsert } => self.registries.update(|rows| link::merge_registries(Arc::make_mut(rows), upsert, whole)),
            Body::Services { upsert, remove } if whole => {
                debug_assert!(remove.is_empty(), "a snapshot removes nothing");
                self.services.replace(upsert);
            }
            Body::Services { upsert, remove } => self.services.change(upsert, &remove),
            Body::TooMany { total } => self.services.too_many(total),
            Body::Service { answer } => {
                if let Topic::Service(id) = frame.topic {
                    self.service.set(Some(Watched { id, answer: answer.map(|answer| Arc::new(*answer)) }));
                }
            }
            Body::Ledger { rows } => self.tail.update(|tail| {
                let tail = Arc::make_mut(tail);
                tail.splice(0..0, rows.into_iter().rev());
                tail.truncate(LEDGER_TAIL);
            }),
            Body::Horizon { horizon } => {
                let now = frame.now;
                self.horizon.update(|held| link::merge_horizon(held, horizon, whole, now));
            }
        }
    }
}

/// A registry's freshness at a moment: never fresher than its server said, and staler as time goes by without news.
fn freshness(row: &RegistryRow, now: Millis) -> Freshness {
    match row.freshness {
        Freshness::Live { proof } => Freshness::at(now, Some(proof), row.bound_ms),
        other => other,
    }
}
