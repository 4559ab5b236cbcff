//! Services by state, each a way into the Services page.

use leptos::prelude::*;
use pilothouse_api::{ServiceFilter, ServiceSort};
use pilothouse_model::Liveness;

use crate::components::{Glyph, changing, icon};
use crate::i18n::{Lang, amount, overview, words};
use crate::live::{Extent, Live};
use crate::place;
use crate::view::view;

/// The states in the order in which they alarm. What returned is up again and counts there.
pub(super) const STATES: [Liveness; 8] = [
    Liveness::Unhealthy,
    Liveness::Removed,
    Liveness::Late,
    Liveness::Flapping,
    Liveness::Unknown,
    Liveness::Protected,
    Liveness::Drained,
    Liveness::Up,
];

/// How many services are in a state, as far as their sources may be believed.
pub(super) fn of(live: Live, liveness: Liveness) -> u32 {
    let of = |liveness: Liveness| {
        if live.services.extent.get() == Extent::Whole {
            live.stale.with(|stale| live.services.counts.with(|counts| counts.of(liveness, |registry| stale.contains(registry))))
        } else {
            live.totals.with(|totals| totals.of(liveness))
        }
    };
    of(liveness) + if liveness == Liveness::Up { of(Liveness::Returned) } else { 0 }
}

/// The row of states.
pub(super) fn counts(lang: Lang, live: Live) -> impl IntoView {
    let links = STATES.map(|state| {
        let count = Memo::new(move |_| of(live, state));
        let states = if state == Liveness::Up { vec![Liveness::Up, Liveness::Returned] } else { vec![state] };
        let href = place::services(&ServiceFilter { states, sort: ServiceSort::Place, ..ServiceFilter::default() });
        let hot = changing(move || (count.get() > 0 && matches!(state, Liveness::Unhealthy | Liveness::Removed)).then_some(""));
        view! {
            <a href=href data-status=state.slug() data-hot=hot data-none=move || (count.get() == 0).then_some("")>
                {icon(Glyph::of(state))}<b>{move || amount::count(count.get())}</b>{words::liveness(lang, state)}
            </a>
        }
    });
    view! { <nav class="counts end" aria-label=overview::texts(lang).by_state>{links}</nav> }
}
