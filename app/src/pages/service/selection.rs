//! The bar of a bulk action: says what it will touch, and offers what the registry can do.

use std::collections::BTreeSet;

use leptos::prelude::*;
use pilothouse_model::Fingerprint;

use super::page::Page;
use crate::actions::Action;
use crate::components::{Glyph, changing, icon};
use crate::i18n::{actions, service};
use crate::view::view;

/// The bar; nothing while nothing is chosen.
pub(super) fn bar(page: Page) -> impl IntoView {
    // Whoever left the registry meanwhile is no longer chosen.
    let chosen = Memo::new(move |_| {
        let rows = page.rows.get();
        let there = |id: &Fingerprint| rows.get(id).is_some_and(|row| row.gone.is_none());
        page.picked.with(|picked| picked.iter().copied().filter(there).collect::<Vec<_>>())
    });
    changing(move || {
        let ids = chosen.get();
        (!ids.is_empty()).then(|| filled(page, &ids))
    })
}

fn filled(page: Page, ids: &[Fingerprint]) -> impl IntoView + use<> {
    let (t, words) = (service::texts(page.lang), actions::texts(page.lang));
    let (can, of) = page.seen.with(|seen| {
        let place = format!("{} / {}", seen.row.registry, seen.row.namespace);
        (seen.capabilities.instances, (t.of_service)(&seen.row.name, &place))
    });
    let count = ids.len();
    let offers = [
        (Action::Weight, Glyph::Weight, words.edit_weight, can.weight),
        (Action::Drain, Glyph::Drained, words.drain, can.enabled || can.weight),
        (Action::Restore, Glyph::Returned, words.restore, can.enabled || can.weight),
    ];
    let buttons = offers.into_iter().filter(|(.., can)| *can).map(|(action, glyph, word, _)| {
        let ids = ids.to_vec();
        view! {
            <button type="button" class="btn" on:click=move |_| page.ask(action, ids.iter().copied())>
                {icon(glyph)}
                {word}
            </button>
        }
    });
    let buttons = buttons.collect_view();
    view! {
        <footer class="selbar">
            <b class="strong" role="status">
                {(t.selected)(count)}
            </b>
            <span class="dim">{of}</span>
            <span class="row small">
                {buttons}
                <button type="button" class="btn quiet" on:click=move |_| page.picked.update(BTreeSet::clear)>
                    {t.clear}
                </button>
            </span>
        </footer>
    }
}
