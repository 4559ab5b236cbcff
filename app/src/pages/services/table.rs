//! The table, its head that sorts, and what stands in place of rows.

use leptos::html;
use leptos::prelude::*;
use pilothouse_api::{ServiceFilter, ServiceSort};
use pilothouse_model::ServiceId;

use super::columns;
use super::row::row;
use super::shown::Shown;
use super::window::{self, Sight};
use super::{row_keys, selection};
use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon, state};
use crate::i18n::{Lang, amount, services};
use crate::place;
use crate::view::view;

/// Columns, counting those that are drawn as two.
const COLUMNS: &str = "13";

/// The pane.
pub(super) fn pane(shown: Shown) -> impl IntoView {
    let lang = use_lang();
    let t = services::texts(lang);
    let scrolled = NodeRef::<html::Div>::new();
    let sight = window::watch(scrolled);
    row_keys::listen(shown, scrolled, sight);
    // Another order starts at its top.
    Effect::new(move |before: Option<ServiceFilter>| {
        let filter = shown.filter.get();
        #[cfg(any(feature = "hydrate", feature = "csr"))]
        if before.is_some_and(|before| before != filter)
            && let Some(element) = scrolled.get_untracked()
        {
            element.set_scroll_top(0);
        }
        #[cfg(not(any(feature = "hydrate", feature = "csr")))]
        let _ = before;
        filter
    });
    let none = changing(move || (shown.matching() == 0 && shown.order().is_empty()).then(|| nothing(lang, shown)));
    let too_many = changing(move || {
        shown.too_many().map(|total| {
            view! {
                <div class="notice" data-status="neutral" role="status">
                    {icon(Glyph::Info)}<div>{(t.too_many)(total)}</div>
                    <button type="button" class="btn small end" on:click=move |_| shown.remote.read(shown.filter.get_untracked())>{t.read_again}</button>
                </div>
            }
        })
    });
    view! {
        <section class="pane" aria-label=t.title>
            {too_many}
            <div class="scroll-x grow rows" tabindex="0" role="region" aria-label=t.table node_ref=scrolled on:scroll=move |_| window::measure(scrolled, sight)>
                <table class="table" aria-rowcount=move || shown.matching() + 1>
                    {head(lang, shown).into_any()}
                    {body(lang, shown, sight).into_any()}
                </table>
                {none}
            </div>
            {selection::bar(lang, shown, sight).into_any()}
        </section>
    }
}

fn head(lang: Lang, shown: Shown) -> impl IntoView {
    let t = services::texts(lang);
    let zones = columns::zones(shown);
    let sorted = move |sort: ServiceSort, descending: bool| {
        move || (shown.sort() == sort).then_some(if descending { "descending" } else { "ascending" })
    };
    let link = move |sort: ServiceSort, name: &'static str| {
        view! { <a href=move || shown.href(|filter| filter.sort = sort)>{name}</a> }
    };
    let all = changing(move || {
        let (count, chosen) = (shown.order().len(), shown.chosen.with(std::collections::BTreeSet::len));
        count > 0 && chosen >= count
    });
    let select_all = move |_| {
        let order = shown.order();
        shown.chosen.update(|chosen| if chosen.len() >= order.len() { chosen.clear() } else { chosen.extend(order.iter().copied()) });
    };
    let zone_heads =
        changing(move || zones.get().into_iter().map(|column| view! { <i title=column.zone>{column.short}</i> }).collect_view());
    view! {
        <thead>
            <tr aria-rowindex="1">
                <th scope="col"><input type="checkbox" aria-label=move || (t.select_all)(shown.matching()) prop:checked=all on:change=select_all /></th>
                <th scope="col" aria-sort=sorted(ServiceSort::Worst, true)>{link(ServiceSort::Worst, t.state)}</th>
                <th scope="col" aria-sort=sorted(ServiceSort::Name, false)>{link(ServiceSort::Name, t.service)}</th>
                <th scope="col" class="wide" aria-sort=sorted(ServiceSort::Place, false)>{link(ServiceSort::Place, t.place)}</th>
                <th scope="col" colspan="2" aria-sort=sorted(ServiceSort::Healthy, false)>{link(ServiceSort::Healthy, t.healthy)}</th>
                <th scope="col" class="opt">{t.hour}</th>
                <th scope="col" class="opt" colspan="2">{t.version}</th>
                <th scope="col" class="num zones opt">{zone_heads}<span class="sr">{t.zones}</span></th>
                <th scope="col" class="num opt">{t.beat}</th>
                <th scope="col" class="num" aria-sort=sorted(ServiceSort::Latest, true)>{link(ServiceSort::Latest, t.since)}</th>
                <th scope="col" class="num opt">{t.seen}</th>
            </tr>
        </thead>
    }
}

fn body(lang: Lang, shown: Shown, sight: RwSignal<Sight>) -> impl IntoView {
    let zones = columns::zones(shown);
    let range = Memo::new(move |_| sight.get().rows(shown.order().len()));
    let rows = move || -> Vec<(usize, ServiceId)> {
        let order = shown.order();
        let range = range.get();
        let end = range.end.min(order.len());
        (range.start.min(end)..end).map(|i| (i, order[i])).collect()
    };
    let space = move |rows: usize| format!("--h:{}px", rows as f64 * sight.with(|sight| sight.row));
    let above = changing(move || space(range.get().start));
    let below = changing(move || space(shown.order().len().saturating_sub(range.get().end)));
    view! {
        <tbody>
            <tr class="space" aria-hidden="true"><td colspan=COLUMNS style=above></td></tr>
            <For each=rows key=move |(i, id)| (*i, *id, shown.live.services.extent.get_untracked() == crate::live::Extent::Whole) let:entry>
                {row(lang, shown, zones, entry.1, entry.0)}
            </For>
            <tr class="space" aria-hidden="true"><td colspan=COLUMNS style=below></td></tr>
        </tbody>
    }
}

/// No row: because of the filter, or because there is nothing at all.
fn nothing(lang: Lang, shown: Shown) -> impl IntoView {
    let t = services::texts(lang);
    let total = shown.total();
    if total == 0 {
        return state(Glyph::Services, t.none_known, t.none_known_why, ());
    }
    let filter = shown.filter.get();
    let next = match single(&filter) {
        Some((word, without)) => view! { <a class="btn small" href=place::services(&without)>{(t.remove)(&word)}</a> },
        None => view! { <a class="btn small" href=place::href("/services")>{t.remove_filters.to_owned()}</a> },
    };
    debug_assert!(amount::count(total) != "0");
    state(Glyph::Services, t.none, (t.matches_without)(total), next)
}

/// The one filter that is set, as a person would type it, and the filter without it.
fn single(filter: &ServiceFilter) -> Option<(String, ServiceFilter)> {
    let mut pairs = filter.to_pairs();
    pairs.retain(|(name, _)| *name != "sort");
    let [(name, value)] = &pairs[..] else { return None };
    Some((format!("{name}:{value}"), ServiceFilter { sort: filter.sort, ..ServiceFilter::default() }))
}
