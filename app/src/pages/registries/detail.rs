//! Everything about the selected registry.

use leptos::prelude::*;
use pilothouse_api::RegistryRow;
use pilothouse_model::Freshness;

use super::verdict::headline;
use super::{Page, access, endpoints, hour, ways};
use crate::components::{changing, fresh, kind};
use crate::i18n::amount;
use crate::i18n::registries::texts;
use crate::view::view;

/// The details; nothing while nothing is selected.
pub(super) fn detail(page: Page) -> impl IntoView {
    let row = Memo::new(move |_| page.selected.with(|id| id.as_ref().and_then(|id| page.row(id))));
    let freshness =
        Memo::new(move |_| page.selected.with(|id| id.as_ref().and_then(|id| page.live.freshness(id))).unwrap_or(Freshness::Never));
    let with = move |read: fn(Page, &RegistryRow, Freshness) -> AnyView| {
        changing(move || row.with(|row| row.as_ref().map(|row| read(page, row, freshness.get()))))
    };
    view! {
        {with(head)}
        <div class="panes registry-panes">
            <div>
                {with(|page, row, _| endpoints::endpoints(page, row))}
                {with(ways::ways)}
                {with(hour::chart)}
            </div>
            <div>
                {with(|page, row, _| access::last_error(page, row))}
                {with(access::access)}
            </div>
            <div>{with(|page, row, _| access::capabilities(page, row))}</div>
        </div>
    }
}

fn head(page: Page, row: &RegistryRow, freshness: Freshness) -> AnyView {
    let t = texts(page.lang);
    let count = |n: u32| amount::count(n);
    let holds = if freshness.is_live() {
        (t.known)(&count(row.services), &count(row.instances))
    } else {
        (t.unknown_not_down)(&count(row.instances))
    };
    let protected =
        (row.protected > 0).then(|| view! { <span data-status="protected" class="tint">{(t.protected)(&count(row.protected))}</span> });
    let (retry_at, failures) = (row.retry_at, row.failures);
    let retry = retry_at.map(|at| {
        let left = changing(move || (t.tried_again)(&amount::duration(page.lang, at.since(page.live.now())), failures));
        view! { <span class="dim">{left}</span> }
    });
    let version = row.source.version.clone().unwrap_or_else(|| row.kind.name().to_owned());
    view! {
        <header class="head verdict">
            <div class="grow">
                <div class="row wrap about">
                    {kind(Some(row.kind))}
                    <b class="strong">{row.name.clone()}</b>
                    <span class="dim">{version}</span>
                    {move || fresh(page.lang, freshness, page.live.now())}
                    <span class="dim">{holds}</span>
                    {protected}
                    {retry}
                </div>
                <h2>{headline(row, freshness, page.lang)}</h2>
            </div>
        </header>
    }
}
