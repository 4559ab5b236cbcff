//! The endpoints of a registry, a breaker each.

use leptos::prelude::*;
use pilothouse_api::RegistryRow;
use pilothouse_model::{Breaker, EndpointStatus};

use super::{Page, table};
use crate::components::{Glyph, changing, status_chip};
use crate::i18n::registries::texts;
use crate::i18n::{amount, components};
use crate::view::view;

/// The pane.
pub(super) fn endpoints(page: Page, row: &RegistryRow) -> AnyView {
    let t = texts(page.lang);
    let lines = row.source.endpoints.iter().map(|endpoint| line(page, endpoint)).collect_view();
    view! {
        <section class="pane">
            <header>
                <h2>{t.endpoints}</h2>
                <span class="sub">{t.a_breaker_each}</span>
            </header>
            <div class="scroll-x" tabindex="0" role="region" aria-label=(components::texts(page.lang).table_of)(t.endpoints)>
                <table class="table eps">
                    <thead>
                        <tr>
                            <th scope="col">{t.address}</th>
                            <th scope="col">{t.breaker}</th>
                            <th scope="col">{t.why}</th>
                            <th scope="col" class="opt2">{t.next}</th>
                            <th scope="col" class="num opt2">{t.latency}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
}

/// The address without its scheme; the whole URL is one hover away.
fn bare(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

fn line(page: Page, endpoint: &EndpointStatus) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let breaker = match endpoint.breaker {
        // Nothing was heard of it yet: requests go through, and that is all.
        Breaker::Closed if endpoint.p50_ms.is_none() => status_chip("neutral", Glyph::Minus, t.closed),
        Breaker::Closed => status_chip("up", Glyph::Up, t.closed),
        Breaker::Open { .. } => status_chip("unhealthy", Glyph::Unhealthy, t.open),
        Breaker::HalfOpen => status_chip("late", Glyph::Half, t.half_open),
    };
    let next = match endpoint.breaker {
        Breaker::Closed => ().into_any(),
        Breaker::Open { until } => changing(move || (t.next_try)(&amount::duration(page.lang, until.since(page.live.now())))).into_any(),
        Breaker::HalfOpen => t.one_try_out.into_any(),
    };
    // A failure of the past explains nothing about a closed breaker, but its age does: it is kept, dimmed.
    let closed = endpoint.breaker == Breaker::Closed;
    let why = endpoint.last_error.clone().map(|(at, error)| {
        let age = changing(move || (t.before)(&amount::span(page.lang, page.live.now().since(at))));
        view! { <span class:dim=closed title=error.clone()>{error.clone()}</span> " " <span class="dim">{age}</span> }
    });
    view! {
        <tr>
            <td class="mono" title=endpoint.url.clone()>{bare(&endpoint.url).to_owned()}</td>
            <td>{breaker}</td>
            <td class="mid cutcell"><span class="clamp">{why}</span></td>
            <td class="sub opt2">{next}</td>
            <td class="num opt2">{table::latencies(page, endpoint)}</td>
        </tr>
    }
}
