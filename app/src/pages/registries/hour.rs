//! The last hour of a source, a point a minute: as a strip in the table, as a chart with its table behind in the details.

use leptos::prelude::*;
use pilothouse_api::{FreshnessPoint, HISTORY_MS, RegistryRow, Step};
use pilothouse_model::{Freshness, Liveness, Millis};

use super::Page;
use crate::components::{Exact, behind, changing, strip};
use crate::i18n::registries::texts;
use crate::i18n::{amount, components};
use crate::view::view;

/// Heights in the chart, in pixels: the ages, then the requests.
const AGES: f64 = 52.0;
const REQUESTS: f64 = 26.0;
const MINUTE: i64 = 60_000;

/// Minutes as changes of one state: live where the oldest proof was within the bound, unknown where it was not.
fn steps(hour: &[FreshnessPoint], bound_ms: i64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for point in hour {
        let to = if point.age_ms <= bound_ms { Liveness::Up } else { Liveness::Unknown };
        let from = steps.last().map(|step| step.to);
        if from != Some(to) {
            steps.push(Step { at: point.minute, from, to });
        }
    }
    steps
}

/// The strip of a registry's row.
pub(super) fn strip_of(page: Page, row: &RegistryRow) -> AnyView {
    let current = if page.live.is_stale(&row.id) { Liveness::Unknown } else { Liveness::Up };
    let now = page.live.clock.now.get_untracked();
    strip(page.lang, &row.name, &steps(&row.hour, row.bound_ms), current, now).into_any()
}

/// The chart.
pub(super) fn chart(page: Page, row: &RegistryRow, freshness: Freshness) -> AnyView {
    let t = texts(page.lang);
    let now = page.live.clock.now.get_untracked();
    let hour: Vec<FreshnessPoint> = row.hour.iter().filter(|point| now.since(point.minute) < HISTORY_MS).copied().collect();
    let this_minute = view! {
        <span class="end dim nowrap opt2">
            <b class="strong ink">{amount::count(row.source.requests_per_minute)}</b>
            " "
            {t.this_minute}
        </span>
    };
    let picture = if hour.is_empty() {
        view! { <p class="body dim">{t.no_hour}</p> }
    } else {
        view! { <figure class="body">{drawing(page, row, &hour, freshness, now)}{table(page, &hour)}</figure> }
    };
    view! {
        <section class="pane">
            <header>
                <h2>{t.freshness}</h2>
                <span class="sub">{t.freshness_sub}</span>
                {this_minute}
            </header>
            {picture}
        </section>
    }
}

/// Where things stand in the chart, in percent of its width.
struct Axis {
    start: Millis,
}

impl Axis {
    fn x(&self, at: Millis) -> f64 {
        (at.since(self.start) as f64 * 100.0 / HISTORY_MS as f64).clamp(0.0, 100.0)
    }
}

/// The ages as one line in a box of 100 by 1, with a break where a minute is missing.
fn line(hour: &[FreshnessPoint], axis: &Axis, top_ms: i64) -> String {
    let mut path = String::new();
    let mut last: Option<Millis> = None;
    for point in hour {
        let middle = point.minute + MINUTE / 2;
        let y = 1.0 - point.age_ms as f64 / top_ms as f64;
        let pen = if last.is_some_and(|last| point.minute.since(last) <= MINUTE) { 'L' } else { 'M' };
        path.push_str(&format!("{pen}{:.2} {:.3}", axis.x(middle), y.clamp(0.0, 1.0)));
        last = Some(point.minute);
    }
    path
}

fn drawing(page: Page, row: &RegistryRow, hour: &[FreshnessPoint], freshness: Freshness, now: Millis) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let axis = Axis { start: now - HISTORY_MS };
    let oldest = hour.iter().map(|point| point.age_ms).max().unwrap_or_default();
    let top_ms = (row.bound_ms * 2).max(oldest).max(1);
    let most = hour.iter().map(|point| point.requests).max().unwrap_or_default().max(1);
    let bound_y = AGES - row.bound_ms as f64 * AGES / top_ms as f64;
    let percent = |share: f64| format!("{share:.2}%");
    // The minute under way ends now, not at its end.
    let wide = |minute: Millis, share: f64| percent(((axis.x(minute + MINUTE) - axis.x(minute)) * share).max(0.1));
    let stale = hour.iter().filter(|point| point.age_ms > row.bound_ms).map(|point| {
        view! { <rect class="lost" x=percent(axis.x(point.minute)) y="0" width=wide(point.minute, 1.0) height=AGES></rect> }
    });
    let stale = stale.collect_view();
    let bars = hour.iter().map(|point| {
        let height = f64::from(point.requests) * REQUESTS / f64::from(most);
        let y = AGES + 8.0 + REQUESTS - height;
        view! { <rect class="r" x=percent(axis.x(point.minute)) y=format!("{y:.1}") width=wide(point.minute, 0.86) height=format!("{height:.1}")></rect> }
    });
    let bars = bars.collect_view();
    let base = AGES + 8.0 + REQUESTS;
    let ticks = (1..6).map(|tenth| now.0 - now.0.rem_euclid(10 * MINUTE) - (tenth - 1) * 10 * MINUTE).map(Millis);
    let ticks = ticks.filter(|at| (4.0..95.0).contains(&axis.x(*at))).map(|at| {
        let x = percent(axis.x(at));
        // Where the page is narrow, the last ones make room for "now".
        let edge = (axis.x(at) > 86.0).then_some("edge");
        view! {
            <line class="tk" x1=x.clone() x2=x.clone() y1=base y2=base + 4.0></line>
            <text class=edge x=x y=base + 15.0 text-anchor="middle">
                {move || Exact::Minute.clock(at, page.chosen.offset(at))}
            </text>
        }
    });
    let ticks = ticks.collect_view();
    let stale_since = match freshness {
        Freshness::Stale { since } => {
            let text = changing(move || {
                let age = amount::duration(page.lang, page.live.now().since(since));
                (t.stale_now)(&Exact::Second.clock(since, page.chosen.offset(since)), &age)
            });
            let from = axis.x(since);
            let (x, anchor) = if from > 45.0 { (percent(from - 1.0), "end") } else { (percent(from + 1.0), "start") };
            Some(view! { <text class="hi" x=x y="11" text-anchor=anchor>{text}</text> })
        }
        Freshness::Live { .. } | Freshness::Never => None,
    };
    let label = (t.chart)(&amount::duration(page.lang, oldest), &amount::rule(page.lang, row.bound_ms));
    view! {
        <svg class="fline" width="100%" height=base + 18.0 role="img" aria-label=label>
            <defs>
                <pattern id="lost" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path class="ht" d="M0 0V6"></path>
                </pattern>
            </defs>
            {stale}
            <line class="bound" x1="0" x2="100%" y1=bound_y y2=bound_y></line>
            <text x="0" y=bound_y - 4.0>
                {(t.bound)(&amount::rule(page.lang, row.bound_ms))}
            </text>
            <line class="axis" x1="0" x2="100%" y1=AGES y2=AGES></line>
            <svg x="0" y="0" width="100%" height=AGES viewBox="0 0 100 1" preserveAspectRatio="none">
                <path class="age" d=line(hour, &axis, top_ms)></path>
            </svg>
            {stale_since}
            {bars}
            <line class="axis" x1="0" x2="100%" y1=base y2=base></line>
            {ticks}
            <text class="hi" x="100%" y=base + 15.0 text-anchor="end">
                {components::texts(page.lang).now}
            </text>
        </svg>
    }
}

/// The table behind the chart, newest minute first.
fn table(page: Page, hour: &[FreshnessPoint]) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let head = ["UTC", t.oldest_proof, t.requests, t.events].map(str::to_owned).to_vec();
    let rows = hour.iter().rev().map(|point| {
        vec![
            Exact::Minute.clock(point.minute, 0),
            amount::age(page.lang, point.age_ms),
            amount::count(point.requests),
            amount::count(point.events),
        ]
    });
    behind(head, rows.collect(), page.lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(minute: i64, age_ms: i64) -> FreshnessPoint {
        FreshnessPoint { minute: Millis(minute * MINUTE), age_ms, requests: 24, events: 0 }
    }

    #[test]
    fn a_minute_beyond_the_bound_is_unknown() {
        let steps = steps(&[point(0, 10_000), point(1, 15_000), point(2, 15_001), point(3, 9_000)], 15_000);
        let seen: Vec<_> = steps.iter().map(|step| (step.at.0 / MINUTE, step.from, step.to)).collect();
        let (up, unknown) = (Liveness::Up, Liveness::Unknown);
        assert_eq!(seen, [(0, None, up), (2, Some(up), unknown), (3, Some(unknown), up)]);
    }

    #[test]
    fn a_missing_minute_breaks_the_line() {
        let axis = Axis { start: Millis(0) };
        let path = line(&[point(0, 0), point(1, 15_000), point(30, 30_000)], &axis, 30_000);
        assert_eq!(path, "M0.83 1.000L2.50 0.500M50.83 0.000");
    }
}
