//! The head of the page: what it is, how it is doing, where it lives, how much of it takes traffic.

use leptos::prelude::*;

use super::page::Page;
use super::{export, figures};
use crate::components::{Glyph, changing, chip_boxed, download, fresh, icon, kind};
use crate::i18n::amount;
use crate::i18n::service::texts;
use crate::view::view;

/// The head of the page.
pub(super) fn head(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let name = changing(move || page.seen.with(|seen| seen.row.name.to_string()));
    let place = changing(move || {
        page.seen.with(|seen| {
            let group = if seen.row.group.is_empty() { String::new() } else { format!(" / {}", seen.row.group) };
            format!("{} / {}{group}", seen.row.registry, seen.row.namespace)
        })
    });
    let (before, between, behind) = t.in_rotation;
    let count = |n: usize| amount::count(n as i64);
    let save = move |_| {
        page.seen.with_untracked(|seen| download(&format!("{}.csv", seen.row.name), &export::csv_of(&seen.instances)));
    };
    view! {
        <header class="head service-head">
            <h1>{name}</h1>
            {move || chip_boxed(page.lang, page.seen.with(|seen| seen.row.liveness))}
            <span class="row mid where">
                {move || kind(page.kind())}
                {place}
            </span>
            {move || fresh(page.lang, page.seen.with(|seen| seen.freshness), page.live.now())}
            <span class="sub nowrap">
                {before}
                <b class="strong mid">{move || page.seen.with(|seen| count(figures::count_in_rotation(&seen.instances)))}</b>
                {between}
                <b class="strong mid">{move || page.seen.with(|seen| count(seen.instances.iter().filter(|row| row.gone.is_none()).count()))}</b>
                {behind}
            </span>
            <span class="row end">
                <button type="button" class="btn needs-script" on:click=save>
                    {icon(Glyph::Download)}
                    {t.export}
                </button>
            </span>
        </header>
    }
}
