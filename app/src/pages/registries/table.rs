//! One line a registry.

use leptos::prelude::*;
use pilothouse_api::RegistryRow;
use pilothouse_model::{Breaker, EndpointStatus, Freshness, Login, Millis, RegistryId};

use super::{Page, hour};
use crate::components::{Glyph, changing, fresh, kind, move_in_rows, status_chip};
use crate::i18n::registries::{texts, way};
use crate::i18n::{amount, components};
use crate::place;
use crate::view::view;

/// A token that runs out sooner than this is worth a warning.
const SOON: i64 = 10 * 60 * 1_000;

/// The table.
pub(super) fn table(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let ids = Memo::new(move |_| page.live.registries.with(|rows| rows.iter().map(|row| row.id.clone()).collect::<Vec<RegistryId>>()));
    view! {
        <section class="pane" aria-label=t.title>
            <div class="scroll-x" tabindex="0" role="region" aria-label=(components::texts(page.lang).table_of)(t.title)>
                <table class="table regtable" on:keydown=move_in_rows>
                    <thead>
                        <tr>
                            <th scope="col">{t.source}</th>
                            <th scope="col">{t.registry}</th>
                            <th scope="col" class="opt">{t.kind}</th>
                            <th scope="col">{t.endpoints}</th>
                            <th scope="col" class="opt">{t.in_force}</th>
                            <th scope="col" class="opt num">{t.notices_within}</th>
                            <th scope="col" class="opt num">{t.latency}</th>
                            <th scope="col" class="opt">{t.last_hour}</th>
                            <th scope="col" class="num">{t.instances}</th>
                            <th scope="col" class="opt num">{t.view_age}</th>
                            <th scope="col" class="opt num">{t.requests}</th>
                            <th scope="col" class="opt">{t.login}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || ids.get() key=Clone::clone children=move |id| line(page, &id) />
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn line(page: Page, id: &RegistryId) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let id = StoredValue::new(id.clone());
    let row = Memo::new(move |last: Option<&Option<RegistryRow>>| id.with_value(|id| page.row(id)).or_else(|| last.cloned().flatten()));
    let with = move |read: fn(Page, &RegistryRow) -> AnyView| changing(move || row.with(|row| row.as_ref().map(|row| read(page, row))));
    let freshness = Memo::new(move |_| id.with_value(|id| page.live.freshness(id)).unwrap_or(Freshness::Never));
    let stale = move || !freshness.get().is_live();
    let selected = move || page.selected.with(|selected| id.with_value(|id| selected.as_ref() == Some(id)));
    let age = changing(move || match freshness.get() {
        Freshness::Live { proof: at } | Freshness::Stale { since: at } => amount::age(page.lang, page.live.now().since(at)),
        Freshness::Never => t.not_applicable.to_owned(),
    });
    view! {
        <tr aria-selected=move || selected().then_some("true") class:stalerow=changing(stale)>
            <td>{move || fresh(page.lang, freshness.get(), page.live.now())}</td>
            <td>{with(name)}</td>
            <td class="opt sub">{with(|_, row| row.source.version.clone().unwrap_or_else(|| row.kind.name().to_owned()).into_any())}</td>
            <td>{with(endpoints)}</td>
            <td class="opt">{move || row.with(|row| row.as_ref().map(|row| in_force(page, row, stale())))}</td>
            <td class="opt num">{move || row.with(|row| row.as_ref().map(|row| within(page, row, stale())))}</td>
            <td class="opt num">{with(latency)}</td>
            <td class="opt">{with(hour::strip_of)}</td>
            <td class="num">{with(|_, row| view! { <b class="strong">{amount::count(row.instances)}</b> })}</td>
            <td class="opt num">{age}</td>
            <td class="opt num">{with(|_, row| amount::count(row.source.requests_per_minute).into_any())}</td>
            <td class="opt">{with(login)}</td>
        </tr>
    }
}

fn name(_: Page, row: &RegistryRow) -> AnyView {
    view! {
        <span class="row tight">
            {kind(Some(row.kind))}
            <a class="name" data-row href=place::registry(&row.id) data-noscroll>
                {row.name.clone()}
            </a>
        </span>
    }
}

/// How many of its endpoints answer. Of a registry that proves nothing, none does, whatever came over the wire.
pub(super) fn answering(row: &RegistryRow, stale: bool) -> usize {
    if stale { 0 } else { row.source.endpoints.iter().filter(|endpoint| endpoint.breaker == Breaker::Closed).count() }
}

fn endpoints(page: Page, row: &RegistryRow) -> AnyView {
    let all = &row.source.endpoints;
    let silent = page.live.is_stale(&row.id);
    let answering = answering(row, silent);
    let squares = all.iter().map(|endpoint| {
        let class = match endpoint.breaker {
            Breaker::Closed => None,
            Breaker::Open { .. } => Some("off"),
            Breaker::HalfOpen => Some("half"),
        };
        view! { <i class=class></i> }
    });
    let squares = squares.collect_view();
    let (before, behind) = match page.lang {
        crate::i18n::Lang::En => (amount::count(answering as i64), format!(" of {}", all.len())),
        crate::i18n::Lang::Zh => (amount::count(answering as i64), format!(" / {}", all.len())),
    };
    let label = (texts(page.lang).answer)(&amount::of(page.lang, answering as i64, all.len() as i64));
    view! {
        <span class="row">
            <span class="ep" role="img" aria-label=label data-silent=silent.then_some("")>
                {squares}
            </span>
            <span class="sub">
                <b class="strong ink">{before}</b>
                {behind}
            </span>
        </span>
    }
}

fn in_force(page: Page, row: &RegistryRow, stale: bool) -> AnyView {
    let t = texts(page.lang);
    let (mode, word, detail) = match row.source.ways.iter().find(|way| way.in_force && !stale) {
        Some(found) => (mode(found.kind), way(page.lang, found.kind), found.detail.clone()),
        None => ("stored", t.stored_view, t.nothing_in_force.to_owned()),
    };
    view! {
        <span class="mode" data-mode=mode>
            <b>{word}</b>
            " "
            <span class="sub">{detail}</span>
        </span>
    }
}

/// The value of `data-mode` that draws a way's dot.
pub(super) fn mode(kind: pilothouse_model::WatchWayKind) -> &'static str {
    match kind {
        pilothouse_model::WatchWayKind::Push => "push",
        pilothouse_model::WatchWayKind::CountDifference => "count-difference",
        pilothouse_model::WatchWayKind::Sweep => "sweep",
    }
}

fn within(page: Page, row: &RegistryRow, stale: bool) -> AnyView {
    match row.source.ways.iter().find(|way| way.in_force && !stale) {
        Some(way) => amount::rule(page.lang, way.within_ms).into_any(),
        None => view! { <span class="sub">{texts(page.lang).not_applicable}</span> },
    }
}

/// The fastest of those that answer: that is the one in use.
fn latency(page: Page, row: &RegistryRow) -> AnyView {
    let answering = row.source.endpoints.iter().filter(|endpoint| endpoint.breaker == Breaker::Closed && endpoint.p50_ms.is_some());
    let fastest = answering.min_by(|a, b| a.p50_ms.unwrap_or_default().total_cmp(&b.p50_ms.unwrap_or_default()));
    fastest.map_or_else(|| view! { <span class="sub">{texts(page.lang).not_applicable}</span> }, |endpoint| latencies(page, endpoint))
}

/// `4 / 12 ms`.
pub(super) fn latencies(page: Page, endpoint: &EndpointStatus) -> AnyView {
    let number = |ms: f64| if ms < 10.0 { amount::decimal(ms, 1) } else { format!("{ms:.0}") };
    match (endpoint.p50_ms, endpoint.p95_ms) {
        (Some(p50), Some(p95)) => view! { {number(p50)}<span class="sub">" / "{amount::latency(page.lang, p95)}</span> },
        (Some(p50), None) => amount::latency(page.lang, p50).into_any(),
        _ => view! { <span class="sub">{texts(page.lang).not_applicable}</span> },
    }
}

fn login(page: Page, row: &RegistryRow) -> AnyView {
    let t = texts(page.lang);
    if !row.source.problems.is_empty() {
        return status_chip("late", Glyph::Warn, t.view_limited);
    }
    match &row.source.login {
        Login::None => view! { <span class="sub">{t.none_needed}</span> },
        Login::Refused { .. } => status_chip("unhealthy", Glyph::Unhealthy, t.refused),
        Login::Accepted { as_user, expires: None } => view! { <span class="sub">{as_user.clone()}</span> },
        Login::Accepted { as_user, expires: Some(expires) } => {
            let (user, expires) = (as_user.clone(), *expires);
            changing(move || token(page, &user, expires)).into_any()
        }
    }
}

fn token(page: Page, user: &str, expires: Millis) -> AnyView {
    let left = expires.since(page.live.now());
    let text = (texts(page.lang).token_for)(user, &amount::span(page.lang, left));
    if left < SOON {
        status_chip("late", Glyph::Warn, text)
    } else {
        view! { <span class="sub">{text}</span> }
    }
}
