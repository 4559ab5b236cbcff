//! What every part of the page looks at, and how the parts are put together.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use pilothouse_api::{InstanceRow, ServiceAnswer};
use pilothouse_model::{Fingerprint, Liveness, RegistryId, RegistryKind};

use super::{banner, figures, head, instances, lanes, selection, side};
use crate::actions::{Action, Ask, Place, action_dialog};
use crate::chosen::{Chosen, use_chosen};
use crate::i18n::Lang;
use crate::live::Live;
use crate::place;
use crate::view::view;

/// The service as it may be shown now; `None` once no registry has it.
pub(super) type Seen = Memo<Option<Arc<ServiceAnswer>>>;

/// Follows a service from what the server said of it on.
pub(super) fn watch(live: Live, first: ServiceAnswer) -> Seen {
    let id = first.row.id;
    let first = Arc::new(first);
    Memo::new(move |_| {
        let watched =
            live.service.with(|watched| watched.as_ref().filter(|watched| watched.id == id).map(|watched| watched.answer.clone()));
        let answer = watched.unwrap_or_else(|| Some(Arc::clone(&first)))?;
        // The browser's own reckoning may know it stale before the server says so, never the other way round.
        match live.freshness(&answer.row.registry) {
            Some(freshness) if !(freshness.is_live() && answer.freshness.is_live()) => {
                let worse = if answer.freshness.is_live() { freshness } else { answer.freshness };
                Some(Arc::new(figures::seen_through(&answer, worse)))
            }
            _ => Some(answer),
        }
    })
}

/// What every part looks at. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) live: Live,
    pub(super) chosen: Chosen,
    pub(super) lang: Lang,
    /// The service as it may be shown now.
    pub(super) seen: Memo<Arc<ServiceAnswer>>,
    /// The path of the page.
    path: Memo<String>,
    /// Its instances by id.
    pub(super) rows: Memo<Arc<HashMap<Fingerprint, Arc<InstanceRow>>>>,
    /// Its versions in a fixed order.
    pub(super) versions: Memo<Vec<String>>,
    /// What a full weight bar means.
    pub(super) full_weight: Memo<f64>,
    /// Only instances in this state: parameter `state`.
    pub(super) only: Memo<Option<Liveness>>,
    /// The instance whose row is unfolded: parameter `instance`.
    pub(super) unfolded: Memo<Option<Fingerprint>>,
    /// The instances chosen for a bulk action.
    pub(super) picked: RwSignal<BTreeSet<Fingerprint>>,
    /// The action that waits for confirmation.
    ask: RwSignal<Option<Ask>>,
}

/// What the reader has in hand. Outlives a change of the language.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept {
    /// The instances chosen for a bulk action.
    picked: RwSignal<BTreeSet<Fingerprint>>,
    /// The action that waits for confirmation.
    ask: RwSignal<Option<Ask>>,
}

/// The whole page.
pub(super) fn page(live: Live, seen: Seen, kept: Kept, lang: Lang) -> impl IntoView {
    let page = Page::new(live, seen, kept, lang);
    view! {
        <Title text=move || page.seen.try_with(|seen| seen.row.name.to_string()).unwrap_or_default() />
        {head::head(page)}
        {banner::banner(page)}
        <div class="panes service-panes">
            <div>
                {instances::instances(page)}
                {lanes::lanes(page)}
            </div>
            <div>{side::side(page)}</div>
        </div>
        {selection::bar(page)}
        {action_dialog(page.ask, lang)}
    }
}

impl Page {
    fn new(live: Live, seen: Seen, kept: Kept, lang: Lang) -> Self {
        // The page stands only while there is a service; the last one seen bridges the moment between the two.
        let first = seen.get_untracked();
        let seen = Memo::new(move |last: Option<&Arc<ServiceAnswer>>| {
            seen.get().or_else(|| last.cloned()).or_else(|| first.clone()).expect("the page is made once a service was read")
        });
        let query = use_query_map();
        let parameter = move |name: &str| query.with(|query| query.get(name));
        let rows =
            move |_: Option<&_>| seen.with(|seen| Arc::new(seen.instances.iter().map(|row| (row.id, Arc::new(row.clone()))).collect()));
        Self {
            live,
            chosen: use_chosen(),
            lang,
            seen,
            path: use_location().pathname,
            rows: Memo::new(rows),
            versions: Memo::new(move |_| seen.with(|seen| figures::versions(&seen.instances))),
            full_weight: Memo::new(move |_| seen.with(|seen| figures::full_weight(&seen.instances))),
            only: Memo::new(move |_| parameter("state").as_deref().and_then(Liveness::from_slug)),
            unfolded: Memo::new(move |_| parameter("instance").and_then(|id| id.parse().ok())),
            picked: kept.picked,
            ask: kept.ask,
        }
    }

    /// The protocol of a registry, where it is known here.
    pub(super) fn kind_of(self, registry: &RegistryId) -> Option<RegistryKind> {
        self.live.registries.with(|rows| rows.iter().find(|row| row.id == *registry).map(|row| row.kind))
    }

    /// The protocol of this service's registry.
    pub(super) fn kind(self) -> Option<RegistryKind> {
        self.seen.with(|seen| self.kind_of(&seen.row.registry))
    }

    /// The URL of this page with another state or instance, below the path the reader came by: another spelling of the name
    /// before the id is the same page, and must stay it.
    pub(super) fn url(self, state: Option<Liveness>, instance: Option<Fingerprint>) -> String {
        let instance = instance.map(|id| id.to_string());
        let pairs = [("state", state.map(Liveness::slug)), ("instance", instance.as_deref())];
        let query = place::encode(pairs.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
        format!("{}{query}", self.path.get())
    }

    /// Asks for confirmation of an action on these instances. Those that are gone by now are left out.
    pub(super) fn ask(self, action: Action, ids: impl IntoIterator<Item = Fingerprint>) {
        let rows = self.rows.get_untracked();
        let place = Place::of(&self.seen.get_untracked(), untrack(|| self.kind()));
        let targets = ids.into_iter().filter_map(|id| rows.get(&id)).cloned();
        if let Some(ask) = Ask::on(action, place, targets) {
            self.ask.set(Some(ask));
        }
    }
}
