//! What fails now: sources we lost first, then services, worst and latest first.

use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::{RegistryRow, ServiceFilter, ServiceRow, ServiceSort};
use pilothouse_model::{Freshness, Liveness};

use crate::components::{Glyph, changing, chip, state};
use crate::i18n::{Lang, amount, overview};
use crate::live::{Link, Live};
use crate::place;
use crate::view::view;

/// Most services in the list.
const MOST: usize = 6;

/// The pane.
pub(super) fn pane(lang: Lang, live: Live) -> impl IntoView {
    let t = overview::texts(lang);
    let failing = Memo::new(move |_| {
        live.services.burst.track();
        live.services.order.track();
        let mut rows = live.services.snapshot();
        rows.retain(|row| row.liveness.is_failing() && !live.is_stale(&row.registry));
        rows.sort_by(|a, b| (b.liveness, b.since, a.id).cmp(&(a.liveness, a.since, b.id)));
        rows
    });
    let count = changing(move || match failing.with(Vec::len) {
        0 => String::new(),
        n => (t.failing_count)(u32::try_from(n).unwrap_or(u32::MAX)),
    });
    let all = ServiceFilter {
        states: Liveness::ALL.into_iter().filter(|liveness| liveness.is_failing()).collect(),
        sort: ServiceSort::Worst,
        ..ServiceFilter::default()
    };
    let all = place::services(&all);
    let more_href = all.clone();
    let items = changing(move || {
        let (sources, rows) = (live.registries.get(), failing.get());
        let console = cut_off(live).map(|_| console(lang, live));
        // While we hear nothing ourselves, nothing new is known of a source that was live: it is we who are cut off.
        let lost = sources.iter().filter(|row| live.is_stale(&row.id) && (console.is_none() || !row.freshness.is_live()));
        let lost: Vec<_> = lost.map(|row| source(lang, live, row)).collect();
        if console.is_none() && lost.is_empty() && rows.is_empty() {
            return well(lang, live).into_any();
        }
        let more = rows.len().saturating_sub(MOST);
        let services = rows.iter().take(MOST).map(|row| service(lang, live, row)).collect_view();
        let more = (more > 0).then(|| {
            let more = u32::try_from(more).unwrap_or(u32::MAX);
            view! { <li><a class="link" href=more_href.clone()>{(t.more_failing)(more)}</a></li> }
        });
        view! { <ul class="list">{console}{lost}{services}{more}</ul> }
    });
    view! {
        <section class="pane">
            <header><h2>{t.failing}</h2><span class="sub">{count}</span><a class="btn quiet small end" href=all>{t.all_failing}</a></header>
            {items}
        </section>
    }
}

/// The try that is next, once the stream of this page is lost and was not back at once.
fn cut_off(live: Live) -> Option<u32> {
    match live.link.get() {
        Link::Reconnecting { attempt, .. } if attempt > 1 => Some(attempt),
        _ => None,
    }
}

/// This page hears nothing any more.
fn console(lang: Lang, live: Live) -> impl IntoView {
    let t = overview::texts(lang);
    let services = changing(move || {
        (t.services_unknown)(
            live.stale.with(|stale| live.services.counts.with(|counts| stale.iter().map(|id| counts.in_registry(id)).sum())),
        )
    });
    view! {
        <li>
            <div class="row">{chip(lang, Liveness::Unknown)}<span class="dim cut grow">{t.this_page}</span></div>
            <span class="t">{t.lost_console}</span>
            <div class="row sub"><span class="cut">{services}</span><span class="end nowrap">{t.last_good_view}</span></div>
        </li>
    }
}

/// A source we lost: what it knew is unknown now, and that is not the same as gone.
fn source(lang: Lang, live: Live, row: &RegistryRow) -> impl IntoView + use<> {
    let t = overview::texts(lang);
    let id = row.id.clone();
    let since = changing(move || match live.freshness(&id) {
        Some(Freshness::Stale { since }) => amount::duration(lang, live.now().since(since)),
        _ => String::new(),
    });
    let never = row.freshness == Freshness::Never;
    let title = if never { (t.never_had_registry)(&row.name) } else { (t.lost_registry)(&row.name) };
    view! {
        <li>
            <div class="row">{chip(lang, Liveness::Unknown)}<span class="dim cut grow">{row.kind.name()}</span><span class="dim nowrap">{since}</span></div>
            <a class="t" href=place::registry(&row.id)>{title}</a>
            <div class="row sub">
                <span class="cut">{(t.instances_unknown)(row.instances)}</span>
                {(!never).then(|| view! { <span class="end nowrap">{t.last_good_view}</span> })}
            </div>
        </li>
    }
}

fn service(lang: Lang, live: Live, row: &Arc<ServiceRow>) -> impl IntoView + use<> {
    let t = overview::texts(lang);
    let since = row.since;
    let healthy = row.healthy.map(|healthy| (t.healthy)(healthy, row.total));
    view! {
        <li>
            <div class="row">
                {chip(lang, row.liveness)}
                <span class="dim cut grow">{row.registry.to_string()}</span>
                <span class="dim nowrap">{move || amount::duration(lang, live.now().since(since))}</span>
            </div>
            <a class="t" href=place::service(row)>{sentence(lang, row)}</a>
            <div class="row sub"><span class="cut">{healthy}</span><span class="end cut">{row.namespace.to_string()}</span></div>
        </li>
    }
}

/// Subject, verb, count.
fn sentence(lang: Lang, row: &ServiceRow) -> String {
    let t = overview::texts(lang);
    let healthy = row.healthy.unwrap_or(0);
    match row.liveness {
        Liveness::Removed if row.total == 0 => (t.gone_all)(&row.name),
        Liveness::Removed => (t.gone_some)(&row.name),
        Liveness::Unhealthy if healthy == 0 => (t.lost_all)(&row.name),
        Liveness::Unhealthy => (t.lost_some)(&row.name, row.total.saturating_sub(healthy)),
        Liveness::Flapping => (t.flaps)(&row.name),
        _ => (t.late)(&row.name),
    }
}

/// Nothing fails; said only while every source is live.
fn well(lang: Lang, live: Live) -> impl IntoView {
    let t = overview::texts(lang);
    if live.totals.with(|totals| totals.services) == 0 {
        let next = view! { <a class="btn small" href=place::href("/registries")>{t.show_registries}</a> };
        return state(Glyph::Registry, t.nothing_known, t.nothing_known_why, next);
    }
    let (fresh, all) = live.registries_live();
    debug_assert!(fresh == all || live.registries.with(|rows| rows.is_empty()), "lost sources are listed before");
    state(Glyph::Up, t.nothing_fails, (t.nothing_fails_why)(fresh), ())
}
