//! The horizon: one hour of the whole fleet. Bars are transitions, marks are what people changed.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use pilothouse_api::{HISTORY_MS, Horizon, LedgerQuery, MarkKind};
use pilothouse_model::{Liveness, Millis};

use super::live_button::LiveButton;
use crate::chosen::{Chosen, use_chosen, use_lang};
use crate::components::{Glyph, changing, icon_small};
use crate::i18n::{Lang, moment, shell, words};
use crate::live::use_live;
use crate::view::view;
use crate::{data, place};

const MINUTE: i64 = 60_000;

/// How often the hour moves on: a second is less than a third of a pixel.
const STEP: i64 = 5_000;

/// The strip below the top bar.
#[component]
pub(super) fn HorizonStrip() -> impl IntoView {
    let live = use_live();
    let chosen = use_chosen();
    let navigate = use_navigate();
    let now = Memo::new(move |_| Millis(live.now().0.div_euclid(STEP) * STEP));
    let ledger = changing(move || {
        let query = LedgerQuery { since: Some(now.get() - HISTORY_MS), ..LedgerQuery::default() };
        format!("{}{}", place::href("/ledger"), data::ledger_query(&query))
    });
    let scrub = move |event: leptos::ev::MouseEvent| {
        if let Some(share) = share_of_width(&event) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a part of an hour")]
            let at = Millis((now.get_untracked() - HISTORY_MS).0 + (share * HISTORY_MS as f64) as i64);
            let query = LedgerQuery { since: Some(at - 2 * MINUTE), until: Some(at + 2 * MINUTE), ..LedgerQuery::default() };
            navigate(&format!("{}{}", place::href("/ledger"), data::ledger_query(&query)), Default::default());
        }
    };
    view! {
        <section class="horizon" aria-label=move || shell::texts(use_lang()).hour_of_fleet>
            <a class="range" href=ledger title=move || shell::texts(use_lang()).open_ledger>
                {move || (shell::texts(use_lang()).minutes)(60)}
                <span class="sr">{move || shell::texts(use_lang()).open_ledger}</span>
            </a>
            <div class="track" on:click=scrub>
                {move || ticks(now.get(), chosen)}
                {move || bars(use_lang(), &live.horizon.read(), now.get())}
                {move || marks(use_lang(), &live.horizon.read(), now.get(), chosen)}
                <i class="now"></i>
            </div>
            <LiveButton />
        </section>
    }
}

/// Where a moment stands, in percent of the track.
fn x(at: Millis, now: Millis) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a part of an hour")]
    let share = at.since(now - HISTORY_MS) as f64 / HISTORY_MS as f64;
    (share * 1000.0).round() / 10.0
}

fn shown(at: Millis, now: Millis) -> bool {
    (0..=HISTORY_MS).contains(&at.since(now - HISTORY_MS))
}

/// Every ten minutes.
fn ticks(now: Millis, chosen: Chosen) -> impl IntoView {
    let last = now.0.div_euclid(10 * MINUTE);
    let ticks = (last - 5..=last).map(|ten| {
        let at = Millis(ten * 10 * MINUTE);
        view! { <span class="tick" style=format!("--x:{}%", x(at, now))>{moment::minute(at, chosen.offset(at))}</span> }
    });
    ticks.collect_view()
}

/// A minute's transitions, a bar for each state they led to.
fn bars(lang: Lang, horizon: &Horizon, now: Millis) -> impl IntoView + use<> {
    let mut bars = Vec::new();
    for bucket in horizon.buckets.iter().filter(|bucket| shown(bucket.minute, now)) {
        let counts = bucket.counts.iter().filter(|(to, n)| *n > 0 && *to != Liveness::Up);
        for (i, (to, n)) in counts.enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "at most nine")]
            let left = x(bucket.minute, now) + i as f64 * 0.4;
            let height = (2.0 + 6.0 * f64::from(*n).ln()).min(28.0).round();
            let title = format!("{} {n}", words::liveness(lang, *to));
            bars.push(view! { <i class="bar" data-status=to.slug() title=title style=format!("--x:{left:.1}%;--h:{height}px")></i> });
        }
    }
    bars
}

/// What people changed.
fn marks(lang: Lang, horizon: &Horizon, now: Millis, chosen: Chosen) -> impl IntoView + use<> {
    let marks = horizon.marks.iter().filter(|mark| shown(mark.at, now)).map(|mark| {
        let title = format!("{} {}: {}", moment::clock(mark.at, chosen.offset(mark.at)), words::mark(lang, mark.kind), mark.label);
        view! { <span class="mark" title=title style=format!("--x:{}%", x(mark.at, now))>{icon_small(glyph(mark.kind))}</span> }
    });
    marks.collect_view()
}

/// The shape of a change.
pub(crate) fn glyph(kind: MarkKind) -> Glyph {
    match kind {
        MarkKind::Weight => Glyph::Weight,
        MarkKind::Drain => Glyph::Drained,
        MarkKind::Metadata => Glyph::Metadata,
        MarkKind::Deregister => Glyph::Removed,
        MarkKind::Version => Glyph::Publish,
        MarkKind::Scale => Glyph::Scaling,
    }
}

/// Where in the track was clicked, 0 to 1.
#[cfg(any(feature = "hydrate", feature = "csr"))]
fn share_of_width(event: &leptos::ev::MouseEvent) -> Option<f64> {
    use wasm_bindgen::JsCast;

    let track = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - track.left()) / track.width()).clamp(0.0, 1.0))
}

#[cfg(not(any(feature = "hydrate", feature = "csr")))]
fn share_of_width(_event: &leptos::ev::MouseEvent) -> Option<f64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_ends_now() {
        let now = Millis(10 * HISTORY_MS);
        assert_eq!((x(now, now), x(now - HISTORY_MS, now), x(now - HISTORY_MS / 4, now)), (100.0, 0.0, 75.0));
        assert!(shown(now, now) && shown(now - HISTORY_MS, now));
        assert!(!shown(now + 1, now) && !shown(now - HISTORY_MS - 1, now));
    }
}
