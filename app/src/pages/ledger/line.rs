//! One row of the ledger.

use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::LedgerRow;
use pilothouse_model::{Evidence, Liveness, Millis};

use super::page::Page;
use crate::components::{Exact, Glyph, changing, chip, kind, status_chip};
use crate::i18n::ledger::texts;
use crate::i18n::{Lang, components, evidence, moment};
use crate::place;
use crate::view::view;

/// Looks further apart than this leave the moment open: an interval is written, not a time.
const UNCERTAIN_MS: i64 = 5_000;

/// A row in a body of its own.
pub(super) fn line(page: Page, row: &Arc<LedgerRow>) -> impl IntoView + use<> {
    view! { <tbody>{cells(page, row, false)}</tbody> }
}

/// The row itself. `inside` a burst it is indented.
pub(super) fn cells(page: Page, row: &Arc<LedgerRow>, inside: bool) -> impl IntoView + use<> {
    let id = row.id;
    let selected = move || page.selected.get() == Some(id);
    let said = {
        let row = Arc::clone(row);
        changing(move || evidence::said_by(page.lang, &row.evidence, page.kind_of(&row.registry)))
    };
    let because = evidence::because(page.lang, &row.evidence, row.from, row.to);
    view! {
        <tr class:in=inside aria-selected=move || selected().then_some("true")>
            <td>
                <a class="pick" data-row data-noscroll href=page.row_url(id)>
                    {when(page, row)}
                </a>
            </td>
            <td>{subject(page, row)}</td>
            <td>{from_to(page.lang, row)}</td>
            <td class="opt mid">{said}</td>
            <td class="opt sub cutc">{because}</td>
        </tr>
    }
}

/// The ends of the interval in which it happened; `None` when the moment is certain enough to be one.
pub(super) fn interval(row: &LedgerRow) -> Option<(Millis, Millis)> {
    let occurred = row.occurred;
    let open = occurred.not_after.since(occurred.not_before) > UNCERTAIN_MS || row.evidence == Evidence::FoundOnReturn;
    (occurred.at.is_none() && open).then_some((occurred.not_before, occurred.not_after))
}

fn when(page: Page, row: &LedgerRow) -> AnyView {
    let t = texts(page.lang);
    let now = page.live.clock.now.get_untracked();
    let written = move |at: Millis, exact: Exact| changing(move || exact.dated(at, now, page.chosen.offset(at)));
    match interval(row) {
        Some((from, until)) => view! {
            <span class="ivl" title=t.somewhere_between>
                <time class="mono" datetime=moment::iso(from)>
                    {written(from, Exact::Second)}
                </time>
                <i></i>
                <time class="mono" datetime=moment::iso(until)>
                    {written(until, Exact::Second)}
                </time>
            </span>
        },
        None => {
            let at = row.occurred.moment();
            view! { <time class="mono" datetime=moment::iso(at)>{written(at, Exact::Tenth)}</time> }
        }
    }
}

/// What it happened to: an instance of a service, or a source.
fn subject(page: Page, row: &LedgerRow) -> impl IntoView + use<> {
    let registry = row.registry.clone();
    let badge = changing(move || kind(page.kind_of(&registry)));
    let name = match row.service {
        Some(id) => {
            let url = format!("{}/{}~{id}", place::href("/services"), slug(&row.name));
            view! { <a class="name" href=url>{row.name.clone()}</a><span class="mono sub">{row.address.clone()}</span> }
        }
        None => {
            let url = place::registry(&row.registry);
            view! { <a class="name" href=url>{row.registry.to_string()}</a><span class="sub">{texts(page.lang).source}</span> }
        }
    };
    view! { <span class="row tight">{badge}{name}</span> }
}

/// The readable part of a service's URL; its id behind it is what counts.
fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c.to_ascii_lowercase() } else { '-' };
    name.chars().take(60).map(plain).collect::<String>().trim_matches('-').to_owned()
}

/// `Unhealthy → Removed`; a source is live or stale; of an edit alone, what was changed.
pub(super) fn from_to(lang: Lang, row: &LedgerRow) -> AnyView {
    let t = components::texts(lang);
    if let Some(change) = row.only_edit() {
        return status_chip("neutral", Glyph::Metadata, evidence::edited(lang, change)).into_any();
    }
    let source = row.service.is_none();
    let word = move |state: Liveness| match (source, state) {
        (true, Liveness::Unknown) => status_chip("unknown", Glyph::Stale, t.stale),
        (true, _) => status_chip("up", Glyph::Live, t.live),
        (false, state) => chip(lang, state),
    };
    let from = match row.from {
        Some(state) => word(state),
        None => status_chip("neutral", Glyph::Minus, t.not_there),
    };
    view! {
        <span class="ft">
            {from}
            <span class="ar" role="img" aria-label=t.to>
                "→"
            </span>
            {word(row.to)}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::ledger::fold::tests::row;

    #[test]
    fn a_moment_between_distant_looks_is_an_interval() {
        let mut change = row(1, 60_000, "a", Liveness::Late);
        assert_eq!(interval(&change), None);
        change.occurred.not_before = Millis(40_000);
        assert_eq!(interval(&change), Some((Millis(40_000), Millis(60_000))));
        change.occurred.at = Some(Millis(50_000));
        assert_eq!(interval(&change), None, "the registry's own time is certain");
    }
}
