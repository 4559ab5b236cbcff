//! The density of facts and transitions over the span: a picture to choose a span from, and its table for the keyboard.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pilothouse_api::{DensityBucket, Gap};
use pilothouse_model::Millis;

use super::asked::Span;
use super::page::Page;
use super::picture::{Axis, buckets, most, pieces};
use crate::components::{Exact, changing};
use crate::i18n::ledger::texts;
use crate::i18n::{amount, service};
use crate::view::view;

/// The y of the axis, and of what stands below it.
const BASE: f64 = 84.0;
/// A drag shorter than this share of the width is a click on one bucket.
const CLICK: f64 = 0.006;

/// The picture, its legend and its table.
pub(super) fn density(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    // The window moves once a minute; rows that come in between are drawn at once.
    let minute = Memo::new(move |_| page.live.now().0 / 60_000);
    let axis = Memo::new(move |_| {
        minute.track();
        Axis::of(page.held.asked.with_value(|asked| asked.span), page.live.clock.now.get_untracked())
    });
    let counted = Memo::new(move |_| page.held.answer.with_value(|answer| buckets(answer, &page.held.news())));
    let dragged = RwSignal::new(None::<(f64, f64)>);
    let navigate = use_navigate();
    let choose = move |from: f64, until: f64| {
        let axis = axis.get_untracked();
        let (from, until) = (from.min(until), from.max(until));
        let span = if until - from < CLICK {
            let at = axis.at(from);
            let clicked = counted.with_untracked(|buckets| {
                buckets.iter().find(|bucket| at >= bucket.start && at < bucket.start + bucket.width_ms).map(ends)
            });
            let Some(clicked) = clicked else { return };
            clicked
        } else {
            (axis.at(from), axis.at(until))
        };
        let url = Page::url(&page.asked_with(|asked| asked.span = Span::Between(span.0, Some(span.1))));
        navigate(&url, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let down = move |event: leptos::ev::PointerEvent| {
        if let Some(share) = share_of(&event) {
            dragged.set(Some((share, share)));
        }
    };
    let moved = move |event: leptos::ev::PointerEvent| {
        if dragged.with_untracked(Option::is_some)
            && let Some(share) = share_of(&event)
        {
            dragged.update(|dragged| *dragged = dragged.map(|(from, _)| (from, share)));
        }
    };
    let up = move |_| {
        if let Some((from, until)) = dragged.get_untracked() {
            dragged.set(None);
            choose(from, until);
        }
    };
    let label = changing(move || {
        page.held.answer.with_value(|answer| {
            let count = |n: u64| amount::count(i64::try_from(n).unwrap_or(i64::MAX));
            let gaps = answer.gaps.iter().map(|gap| (t.away_says)(&span_words(page, gap.from, gap.until)));
            (t.density_says)(&count(answer.facts), &count(answer.transitions)) + &gaps.collect::<String>()
        })
    });
    view! {
        <figure class="densf" aria-label=t.density>
            <svg
                class="dens"
                width="100%"
                height="104"
                role="img"
                aria-label=label
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointerleave=move |_| dragged.set(None)
            >
                <defs>
                    <pattern id="away" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path class="ht" d="M0 0V6"></path>
                    </pattern>
                </defs>
                {move || brush(dragged.get())}
                {move || gaps(page, axis.get())}
                {move || counted.with(|buckets| bars(buckets, axis.get()))}
                <line class="axis" x1="0" x2="100%" y1=BASE y2=BASE></line>
                {move || ticks(page, axis.get())}
            </svg>
            <figcaption class="legend">
                <span>
                    <i class="sw f"></i>
                    {t.legend_facts}
                </span>
                <span>
                    <i class="sw" data-status="unhealthy"></i>
                    {t.legend_transitions}
                </span>
                <span>
                    <i class="sw ha"></i>
                    {t.legend_away}
                </span>
                <span class="end opt2 needs-script">{t.drag}</span>
            </figcaption>
            {move || table(page, counted.get())}
        </figure>
    }
}

fn percent(share: f64) -> String {
    format!("{share:.3}%")
}

fn ends(bucket: &DensityBucket) -> (Millis, Millis) {
    (bucket.start, bucket.start + bucket.width_ms)
}

fn span_words(page: Page, from: Millis, until: Millis) -> String {
    Exact::Second.interval(from, until, page.chosen.offset(from))
}

fn brush(dragged: Option<(f64, f64)>) -> impl IntoView {
    dragged.map(|(from, until)| {
        let (left, right) = (from.min(until) * 100.0, from.max(until) * 100.0);
        view! {
            <rect class="brush" x=percent(left) y="0" width=percent(right - left) height=BASE></rect>
            <line class="brushl" x1=percent(left) x2=percent(left) y1="0" y2=BASE></line>
            <line class="brushl" x1=percent(right) x2=percent(right) y1="0" y2=BASE></line>
        }
    })
}

fn gaps(page: Page, axis: Axis) -> impl IntoView {
    let t = texts(page.lang);
    let inside = |gap: &&Gap| gap.until > axis.start && gap.from < axis.end;
    let gaps: Vec<Gap> = page.held.answer.with_value(|answer| answer.gaps.iter().filter(inside).copied().collect());
    let view = move |gap: Gap| {
        let (left, right) = (axis.x(gap.from), axis.x(gap.until));
        let words = (t.away)(&Exact::Minute.interval(gap.from, gap.until, page.chosen.offset(gap.from)));
        // A label that would leave the picture stands to the left of its gap.
        let (x, anchor) = if left > 70.0 { (percent(right), "end") } else { (percent(left), "start") };
        view! {
            <rect fill="url(#away)" x=percent(left) y="14" width=percent((right - left).max(0.3)) height=BASE - 14.0></rect>
            <line class="aw" x1=percent(left) x2=percent(left) y1="14" y2=BASE></line>
            <line class="aw" x1=percent(right) x2=percent(right) y1="14" y2=BASE></line>
            <text class="hi" x=x y="10" text-anchor=anchor>
                {words}
            </text>
        }
    };
    gaps.into_iter().map(view).collect_view()
}

fn bars(buckets: &[DensityBucket], axis: Axis) -> impl IntoView + use<> {
    let most = most(buckets);
    let inside = buckets.iter().filter(|bucket| bucket.start + bucket.width_ms > axis.start && bucket.start < axis.end);
    let bars = inside.flat_map(|bucket| {
        let (from, until) = ends(bucket);
        let (left, right) = (axis.x(from), axis.x(until));
        let (x, width) = (percent(left), percent(((right - left) * 0.9).max(0.12)));
        pieces(bucket, most, BASE).into_iter().map(move |piece| {
            let status = piece.state.map(pilothouse_model::Liveness::slug);
            let class = status.is_none().then_some("f");
            view! {
                <rect
                    class=class
                    data-status=status
                    x=x.clone()
                    y=format!("{:.1}", piece.y)
                    width=width.clone()
                    height=format!("{:.1}", piece.height)
                ></rect>
            }
        })
    });
    bars.collect_view()
}

fn ticks(page: Page, axis: Axis) -> impl IntoView {
    let exact = |at: Millis| {
        let offset = page.chosen.offset(at);
        if axis.end.since(axis.start) > 36 * 3_600_000 {
            crate::i18n::moment::date(at, offset)[5..].to_owned()
        } else {
            Exact::Minute.clock(at, offset)
        }
    };
    let lines = axis.ticks().into_iter().filter(|at| (3.0..95.0).contains(&axis.x(*at))).map(|at| {
        let x = percent(axis.x(at));
        // Where the page is narrow, the last ones make room for "now".
        let edge = (axis.x(at) > 86.0).then_some("edge");
        view! {
            <line class="axis" x1=x.clone() x2=x.clone() y1=BASE y2=BASE + 4.0></line>
            <text class=edge x=x y=BASE + 15.0 text-anchor="middle">
                {exact(at)}
            </text>
        }
    });
    let last = match page.held.asked.with_value(|asked| asked.span) {
        Span::Last(_) | Span::Between(_, None) => texts(page.lang).now.to_owned(),
        Span::Between(_, Some(until)) => exact(until),
    };
    view! {
        {lines.collect_view()}
        <text class="hi" x="100%" y=BASE + 15.0 text-anchor="end">
            {last}
        </text>
    }
}

/// The table behind the picture: every bucket with something in it, and a link that narrows the page to it.
fn table(page: Page, buckets: Vec<DensityBucket>) -> impl IntoView {
    let t = texts(page.lang);
    let lines = buckets.into_iter().rev().filter(|bucket| bucket.facts > 0 || !bucket.to.is_empty()).map(|bucket| {
        let (from, until) = ends(&bucket);
        let url = Page::url(&page.asked_with(|asked| asked.span = Span::Between(from, Some(until))));
        let states: Vec<_> = bucket.to.iter().map(|(state, count)| (*state, *count as usize)).collect();
        let became = service::Texts::states(page.lang, &states);
        let when = Exact::Second.interval(from, until, page.chosen.offset(from));
        view! {
            <tr>
                <td>
                    <a class="link mono" href=url data-noscroll>
                        {when}
                    </a>
                </td>
                <td class="num">{amount::count(bucket.facts)}</td>
                <td>{became}</td>
            </tr>
        }
    });
    view! {
        <details class="behind">
            <summary>{t.behind}</summary>
            <div class="behind-box">
                <table class="table plain">
                    <thead>
                        <tr>
                            <th scope="col">{t.from_until}</th>
                            <th scope="col" class="num">
                                {t.facts}
                            </th>
                            <th scope="col">{t.became}</th>
                        </tr>
                    </thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}

/// Where in the picture the pointer is, as a share of its width.
fn share_of(event: &leptos::ev::PointerEvent) -> Option<f64> {
    #[cfg(feature = "browser")]
    {
        use wasm_bindgen::JsCast;

        let picture = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
        (picture.width() > 0.0).then(|| (f64::from(event.client_x()) - picture.left()) / picture.width())
    }
    #[cfg(not(feature = "browser"))]
    {
        let _ = event;
        None
    }
}
