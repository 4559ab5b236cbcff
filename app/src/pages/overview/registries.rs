//! The strip of sources: fresh or stale, which endpoints answer, how much comes from them, how fast.

use leptos::prelude::*;
use pilothouse_api::RegistryRow;
use pilothouse_model::{Breaker, EndpointStatus, Liveness};

use crate::components::{changing, chip, fresh, kind, sparkline};
use crate::i18n::{Lang, amount, overview};
use crate::live::Live;
use crate::place;
use crate::view::view;

/// All sources, by id.
pub(super) fn strip(lang: Lang, live: Live) -> impl IntoView {
    let t = overview::texts(lang);
    let cards = changing(move || live.registries.get().iter().map(|row| card(lang, live, row)).collect_view());
    view! {
        <h2 class="sr">{t.registries_head}</h2>
        <ul class="regs">{cards}</ul>
    }
}

fn card(lang: Lang, live: Live, row: &RegistryRow) -> impl IntoView + use<> {
    let t = overview::texts(lang);
    let id = row.id.clone();
    let silent = {
        let id = id.clone();
        Memo::new(move |_| live.is_stale(&id))
    };
    let freshness = changing(move || live.freshness(&id).map(|freshness| fresh(lang, freshness, live.now())));
    let (told, protected) = (speed(lang, row), row.services > 0 && row.protected == row.services);
    let speed = changing(move || match (silent.get(), protected) {
        (true, _) => view! { <span class="dim cut">{t.no_answer}</span> },
        (false, true) => chip(lang, Liveness::Protected),
        (false, false) => view! { <span class="dim cut">{told.clone()}</span> },
    });
    let events: Vec<f64> = row.hour.iter().map(|point| f64::from(point.events)).collect();
    let name = row.name.clone();
    view! {
        <li class=move || silent.get().then_some("stale")>
            <div class="row">{kind(Some(row.kind))}<a class="name cut grow" href=place::registry(&row.id)>{name}</a></div>
            <div class="row">{freshness}{endpoints(lang, &row.source.endpoints, silent)}</div>
            {sparkline(&events, 5.0, (t.events)(&row.name))}
            <div class="row">
                <span class="nowrap"><b class="strong">{amount::count(row.instances)}</b>" "<span class="dim">{t.inst}</span></span>
                <span class="end row">{speed}</span>
            </div>
        </li>
    }
}

/// A square for every endpoint: filled while it answers.
fn endpoints(lang: Lang, endpoints: &[EndpointStatus], silent: Memo<bool>) -> impl IntoView + use<> {
    let answers = |endpoint: &EndpointStatus| endpoint.breaker == Breaker::Closed;
    let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let label = (overview::texts(lang).endpoints)(whole(endpoints.iter().filter(|e| answers(e)).count()), whole(endpoints.len()));
    let squares = endpoints.iter().map(|endpoint| view! { <i class=(!answers(endpoint)).then_some("off")></i> }).collect_view();
    // What answered when we last heard says nothing once the source is silent.
    view! { <span class="ep end" role="img" aria-label=label data-silent=move || silent.get().then_some("")>{squares}</span> }
}

/// The slowest of the endpoints that answer.
fn speed(lang: Lang, row: &RegistryRow) -> Option<String> {
    let p95 = row.source.endpoints.iter().filter(|e| e.breaker == Breaker::Closed).filter_map(|e| e.p95_ms).reduce(f64::max);
    p95.map(|ms| format!("p95 {}", amount::latency(lang, ms)))
}
