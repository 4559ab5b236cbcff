//! The bar below the table: what is selected and what it would touch, which rows are in sight, and whether they would move.

use std::collections::BTreeSet;

use leptos::prelude::*;
use pilothouse_model::ServiceId;

use super::shown::Shown;
use super::window::Sight;
use crate::actions;
use crate::components::changing;
use crate::i18n::{Lang, amount, services};
use crate::place;
use crate::view::view;

/// The bar.
pub(super) fn bar(lang: Lang, shown: Shown, sight: RwSignal<Sight>) -> impl IntoView {
    let t = services::texts(lang);
    let any = Memo::new(move |_| shown.chosen.with(|chosen| !chosen.is_empty()));
    let chosen = Signal::derive(move || shown.chosen.with(|chosen| chosen.iter().copied().collect::<Vec<ServiceId>>()));
    let selection = changing(move || {
        any.get().then(|| {
            view! {
                <b class="strong">{move || (t.selected)(shown.chosen.with(BTreeSet::len))}</b>
                <span class="dim">{move || touches(lang, shown)}</span>
                <span class="row small">
                    {actions::bulk(chosen).into_any()}
                    <button type="button" class="btn quiet" on:click=move |_| shown.chosen.update(BTreeSet::clear)>{t.clear}</button>
                </span>
            }
        })
    });
    let moved = changing(move || {
        let moved = shown.moved();
        (moved > 0).then(|| {
            view! {
                <span class="dim nowrap">{(t.order_changed)(moved)}</span>
                <button type="button" class="btn small" on:click=move |_| shown.sort_again()>{t.sort_again}</button>
            }
        })
    });
    let seen = changing(move || {
        let (first, last) = sight.with(|sight| sight.seen(shown.order().len()));
        view! {
            {t.rows}" "<b class="strong mid">{amount::count(number(first))}"–"{amount::count(number(last))}</b>" "{(t.rows_of)(shown.matching())}
        }
    });
    view! {
        <footer class="selbar">
            {selection}
            <span class="row end">{moved}{move || more(lang, shown)}<span class="dim nowrap">{seen}</span></span>
        </footer>
    }
}

/// The way to the next page, while the server pages: a link, so that it works without a script.
fn more(lang: Lang, shown: Shown) -> impl IntoView {
    let t = services::texts(lang);
    let next = if shown.whole() { None } else { shown.remote.next.get() };
    next.map(|next| {
        let mut pairs = shown.filter.get().to_pairs();
        pairs.push(("cursor", next));
        let href = format!("{}{}", place::href("/services"), place::encode(pairs.iter().map(|(name, value)| (*name, value.as_str()))));
        let on = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            shown.remote.read_on(shown.filter.get_untracked());
        };
        let word = if shown.too_many().is_some() { t.more_rows } else { t.next_rows };
        view! { <a class="btn small" href=href on:click=on>{word}</a> }
    })
}

/// `20 instances in nacos-prod-east / prod`.
fn touches(lang: Lang, shown: Shown) -> String {
    let t = services::texts(lang);
    let mut places = BTreeSet::new();
    let mut instances = 0_u32;
    shown.chosen.with(|chosen| {
        for row in chosen.iter().filter_map(|id| shown.row(*id)) {
            row.with(|row| {
                instances = instances.saturating_add(row.total);
                places.insert((row.registry.clone(), row.namespace.clone()));
            });
        }
    });
    match (places.len(), places.first()) {
        (1, Some((registry, namespace))) => (t.touches_one_place)(instances, &format!("{registry} / {namespace}")),
        (0, _) => (t.touches)(instances),
        (places, _) => (t.touches_places)(instances, places),
    }
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
