//! One row of the table: plain cells, redrawn together when its service changes, ages apart.

use leptos::prelude::*;
use pilothouse_api::{HISTORY_MS, ServiceRow, Step};
use pilothouse_model::{Freshness, Liveness, ServiceId};

use super::columns::ZoneColumn;
use super::healthy;
use super::shown::Shown;
use crate::components::{Glyph, Part, changing, chip, icon_small, kind, split_bar, strip};
use crate::i18n::{Lang, amount, services, words};
use crate::place;
use crate::view::view;

/// The id of the element that takes focus for a row.
pub(super) fn focus_id(id: ServiceId) -> String {
    format!("service-{id}")
}

/// The row of a service; nothing, when it went between two looks.
pub(super) fn row(lang: Lang, shown: Shown, zones: Memo<Vec<ZoneColumn>>, id: ServiceId, index: usize) -> AnyView {
    let Some(signal) = shown.row(id) else { return ().into_any() };
    let live = shown.live;
    let selected = move || shown.chosen.with(|chosen| chosen.contains(&id));
    let select = move |_| {
        shown.chosen.update(|chosen| {
            if !chosen.remove(&id) {
                chosen.insert(id);
            }
        });
    };
    let (name, registry, since) = {
        let signal = signal.clone();
        let row = signal.get_untracked();
        (row.name.to_string(), row.registry.clone(), move || signal.with(|row| row.since))
    };
    let stale = {
        let registry = registry.clone();
        changing(move || live.is_stale(&registry).then_some("stalerow"))
    };
    let before = StoredValue::new(None::<Liveness>);
    let cells = changing(move || {
        let row = signal.get();
        let liveness = live.liveness(&row);
        let changed = before.with_value(|before| before.is_some_and(|before| before != liveness));
        before.set_value(Some(liveness));
        cells(lang, shown, zones, &row, liveness, changed)
    });
    let age = changing(move || match live.freshness(&registry) {
        Some(Freshness::Live { proof }) => amount::age(lang, live.now().since(proof)).into_any(),
        Some(Freshness::Stale { since }) => {
            view! { <span class="chip" data-status="unknown">{icon_small(Glyph::Stale)}{amount::span(lang, live.now().since(since))}</span> }
        }
        Some(Freshness::Never) => view! { <span class="chip" data-status="unknown">{icon_small(Glyph::Stale)}</span> },
        None => ().into_any(),
    });
    view! {
        <tr aria-rowindex=index + 2 aria-selected=move || selected().then_some("true") class=stale>
            <td><input type="checkbox" aria-label=(services::texts(lang).select)(&name) prop:checked=changing(selected) on:change=select /></td>
            {cells}
            <td class="num">{move || amount::span(lang, live.now().since(since()))}</td>
            <td class="num sub opt">{age}</td>
        </tr>
    }
}

fn cells(
    lang: Lang,
    shown: Shown,
    zones: Memo<Vec<ZoneColumn>>,
    row: &ServiceRow,
    liveness: Liveness,
    changed: bool,
) -> impl IntoView + use<> {
    let live = shown.live;
    let known = live.healthy(row);
    let registry = row.registry.clone();
    view! {
        <td data-changed=changed.then_some("")>{chip(lang, liveness)}</td>
        <td><a class="name" id=focus_id(row.id) href=place::service(row)>{row.name.to_string()}</a></td>
        <td class="where wide">
            <span class="row">
                {move || kind(live.kind(&registry))}
                <span class="sub cut">{row.registry.to_string()}" / "<span class="mid">{row.namespace.to_string()}</span></span>
            </span>
        </td>
        <td class="num">{healthy::number(known, row.total)}</td>
        <td class="bar">{healthy::bar(liveness, known, row.total)}</td>
        <td class="opt">{strip(lang, &row.name, &history(shown, row, liveness), liveness, live.clock.now.get_untracked())}</td>
        <td class="mono opt">{versions(row)}</td>
        <td class="part opt">{split(lang, row)}</td>
        <td class="num zones opt">{zone_counts(zones, row)}</td>
        <td class="num opt">{beat(lang, row, liveness)}</td>
    }
}

/// The hour of a service; where its source fell silent without the server telling us, from then on nothing is known.
fn history(shown: Shown, row: &ServiceRow, liveness: Liveness) -> Vec<Step> {
    let mut steps = row.history.clone();
    if steps.is_empty() && shown.live.clock.now.get_untracked().since(row.since) < HISTORY_MS {
        // It became so within the hour, and what it was before is not told.
        steps.push(Step { at: row.since, from: None, to: row.liveness });
    }
    if liveness != row.liveness
        && let Some(Freshness::Stale { since }) = untrack(|| shown.live.freshness(&row.registry))
    {
        steps.push(Step { at: since, from: Some(row.liveness), to: liveness });
    }
    steps
}

/// `1.42.3 + 1.43.0`.
fn versions(row: &ServiceRow) -> impl IntoView + use<> {
    let names: Vec<String> = row.versions.iter().map(|version| version.name.clone()).collect();
    let parts = names.into_iter().enumerate().map(|(i, name)| {
        let plus = (i > 0).then(|| view! { <span class="dim">" + "</span> });
        view! { {plus}{name} }
    });
    parts.take(2).collect_view()
}

/// How the weight is split between versions, where there is more than one.
fn split(lang: Lang, row: &ServiceRow) -> impl IntoView + use<> {
    (row.versions.len() > 1).then(|| {
        let parts: Vec<Part> = row.versions.iter().enumerate().map(|(fill, version)| Part { fill, size: version.weight }).collect();
        split_bar(&parts, (services::texts(lang).versions)(&row.name))
    })
}

fn zone_counts(zones: Memo<Vec<ZoneColumn>>, row: &ServiceRow) -> impl IntoView + use<> {
    let counts: Vec<(String, u32)> = row.zones.iter().map(|zone| (zone.name.clone(), zone.count)).collect();
    changing(move || {
        let counts = zones.get().into_iter().map(|column| {
            let count = counts.iter().find(|(zone, _)| *zone == column.zone).map_or(0, |(_, count)| *count);
            view! { <i class=(count == 0).then_some("dim")>{count}</i> }
        });
        counts.collect_view()
    })
}

/// The interval of the beats, or how else the instances prove alive.
fn beat(lang: Lang, row: &ServiceRow, liveness: Liveness) -> String {
    let t = services::texts(lang);
    match (liveness, row.interval_ms, row.via) {
        (Liveness::Unknown, ..) => t.stale.to_owned(),
        (_, Some(interval), _) => amount::interval(lang, interval),
        (_, None, Some(via)) => words::via(lang, via).to_owned(),
        (_, None, None) => t.not_told.to_owned(),
    }
}
