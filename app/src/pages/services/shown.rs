//! What the Services page shows: the filter, the list under it, and what is selected.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use pilothouse_api::{FilterError, ServiceFilter, ServiceRow, ServiceSort, ServicesAnswer};
use pilothouse_model::ServiceId;

use super::listing::Listing;
use super::remote::Remote;
use crate::live::{Extent, Live, Row, use_live};

/// How long a burst of updates settles before the list is looked through again.
const SETTLE: Duration = Duration::from_millis(250);

/// How often pages are read again when the server filters.
const READ_AGAIN_S: i64 = 10;

/// The page's state. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) live: Live,
    /// The filter of the URL; everything, when the URL cannot be understood.
    pub(super) filter: Memo<ServiceFilter>,
    /// What of the URL cannot be understood.
    pub(super) error: Memo<Option<FilterError>>,
    /// Rows the server filtered.
    pub(super) remote: Remote,
    /// What is selected.
    pub(super) chosen: RwSignal<BTreeSet<ServiceId>>,
    listing: RwSignal<Listing>,
}

impl Shown {
    /// Starts from the page's own data.
    pub(super) fn new(asked: Memo<Result<ServiceFilter, FilterError>>, answer: ServicesAnswer) -> Self {
        let shown = Self {
            live: use_live(),
            filter: Memo::new(move |_| asked.get().unwrap_or_default()),
            error: Memo::new(move |_| asked.get().err()),
            remote: Remote::new(answer),
            chosen: RwSignal::default(),
            listing: RwSignal::default(),
        };
        #[cfg(feature = "ssr")]
        if shown.error.with_untracked(Option::is_some)
            && let Some(status) = use_context::<crate::data::PageStatus>()
        {
            status.set(400);
        }
        shown.follow_store();
        shown.follow_server();
        shown
    }

    /// Whether the browser holds every service and filters by itself.
    pub(super) fn whole(self) -> bool {
        self.live.services.extent.get() == Extent::Whole
    }

    /// How many services there are when they are too many for a browser.
    pub(super) fn too_many(self) -> Option<u32> {
        match self.live.services.extent.get() {
            Extent::TooMany(total) => Some(total),
            Extent::Part(_) | Extent::Whole => None,
        }
    }

    /// Rows in the order shown.
    pub(super) fn order(self) -> Arc<Vec<ServiceId>> {
        if self.whole() { self.listing.with(|listing| Arc::clone(&listing.shown)) } else { self.remote.order.get() }
    }

    /// How many services match.
    pub(super) fn matching(self) -> u32 {
        if self.whole() { self.listing.with(|listing| listing.matching) } else { self.remote.counts.get().0 }
    }

    /// How many services there are.
    pub(super) fn total(self) -> u32 {
        if self.whole() { count(self.live.services.order.with(|order| order.len())) } else { self.remote.counts.get().1 }
    }

    /// Rows that sorting again would move.
    pub(super) fn moved(self) -> usize {
        if self.whole() { self.listing.with(|listing| listing.moved) } else { 0 }
    }

    /// A row.
    pub(super) fn row(self, id: ServiceId) -> Option<Row> {
        if self.live.services.extent.get_untracked() == Extent::Whole { self.live.services.get(id) } else { self.remote.get(id) }
    }

    /// Every row that is listed, as it is now. Does not subscribe.
    pub(super) fn rows(self) -> Vec<Arc<ServiceRow>> {
        untrack(|| self.order().iter().filter_map(|id| self.row(*id)).map(|row| row.get_untracked()).collect())
    }

    /// Sorts and filters anew, because the reader asked.
    pub(super) fn sort_again(self) {
        let listing = self.filter.with_untracked(|filter| Listing::asked(filter, self.live.services.snapshot()));
        self.listing.set(listing);
    }

    /// Keeps the list up with the store, once the browser holds every service.
    fn follow_store(self) {
        Effect::new(move |_| {
            self.filter.track();
            if self.whole() {
                self.sort_again();
            }
        });
        let asked = StoredValue::new(false);
        Effect::new(move |_| {
            self.live.services.order.track();
            // Without a filter and by place, the list is the store's own order: a change within rows cannot touch it.
            let plain = self.filter.with(|filter| *filter == ServiceFilter::default());
            if !plain {
                self.live.services.burst.track();
            }
            if !self.whole() || asked.get_value() {
                return;
            }
            asked.set_value(true);
            set_timeout(
                move || {
                    if asked.try_set_value(false).is_none() {
                        self.look_again();
                    }
                },
                SETTLE,
            );
        });
    }

    fn look_again(self) {
        let (Some(filter), rows) = (self.filter.try_get_untracked(), self.live.services.snapshot()) else { return };
        let Some(held) = self.listing.try_get_untracked() else { return };
        let looked = if filter == ServiceFilter::default() { Listing::asked(&filter, rows) } else { held.kept(&filter, rows) };
        if looked != held {
            self.listing.set(looked);
        }
    }

    /// Asks the server when the filter changes, while it is the one who filters; and now and then, while nobody scrolled on.
    fn follow_server(self) {
        Effect::new(move |before: Option<(ServiceFilter, bool)>| {
            let now = (self.filter.get(), self.whole());
            if before.is_some_and(|before| before.0 != now.0) && !now.1 {
                self.remote.read(now.0.clone());
            }
            now
        });
        let every = Memo::new(move |_| self.live.now().0.div_euclid(READ_AGAIN_S * 1_000));
        Effect::new(move |before: Option<i64>| {
            let turn = every.get();
            let first_page_only = self.remote.order.with_untracked(|order| order.len()) <= pilothouse_api::FIRST_ROWS;
            if before.is_some() && untrack(|| self.too_many()).is_some() && first_page_only && self.live.paused.get_untracked().is_none() {
                self.remote.read(self.filter.get_untracked());
            }
            turn
        });
    }

    /// The URL of this page under a changed filter.
    pub(super) fn href(self, change: impl FnOnce(&mut ServiceFilter)) -> String {
        let mut filter = self.filter.get();
        change(&mut filter);
        crate::place::services(&filter)
    }

    /// The order that is asked for.
    pub(super) fn sort(self) -> ServiceSort {
        self.filter.with(|filter| filter.sort)
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
