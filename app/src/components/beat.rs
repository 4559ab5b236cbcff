//! The heartbeat countdown: from the last beat to removal, cut where the registry's own rules change the verdict.
//!
//! The bar runs in CSS, from a deadline and without a script; the words follow the page's clock. Where a registry tells no
//! beat the bar is dashed and empty: nothing is guessed.

use leptos::prelude::*;
use pilothouse_model::{BeatVia, Heartbeat, Liveness, Millis};

use super::changing;
use crate::i18n::{Lang, amount, components};
use crate::live::Clock;
use crate::view::view;

/// What comes next for an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A beat is expected at this moment.
    Due(Millis),
    /// A beat should be here by now, and nobody calls it late yet.
    DueNow,
    /// The registry calls it unhealthy at this moment.
    Unhealthy(Millis),
    /// The registry removes it at this moment.
    Removed(Millis),
    /// It stays as it is until it beats.
    Silent(Millis),
    /// It is gone since this moment.
    Gone(Millis),
    /// The registry tells no beat of an instance that proves alive this way.
    NotReported(BeatVia),
}

/// What comes next for an instance that `beat`s like this, at `now`.
#[must_use]
fn next(beat: &Heartbeat, liveness: Liveness, gone: Option<Millis>, now: Millis) -> Next {
    if let Some(gone) = gone {
        return Next::Gone(gone);
    }
    let Some(last) = beat.last else { return Next::NotReported(beat.via) };
    let after = |ms: Option<i64>| ms.map(|ms| last + ms);
    let removed = after(beat.removed_after_ms).map_or(Next::Silent(last), Next::Removed);
    match liveness {
        Liveness::Unhealthy | Liveness::Removed => removed,
        Liveness::Late => after(beat.unhealthy_after_ms).map_or(removed, Next::Unhealthy),
        _ => match after(beat.interval_ms) {
            Some(due) if due.since(now) > 0 => Next::Due(due),
            // A beat on its way is no alarm: only the server says late.
            Some(_) => Next::DueNow,
            None => after(beat.unhealthy_after_ms).map_or(removed, Next::Unhealthy),
        },
    }
}

/// The whole length of the bar in milliseconds: removal with a seventh of room behind it.
fn scale(beat: &Heartbeat) -> Option<i64> {
    let last = beat.removed_after_ms.or(beat.unhealthy_after_ms).or(beat.interval_ms)?;
    Some(last.max(1) + last / 6)
}

/// What a countdown needs to know of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beating {
    /// Its rules and its last beat.
    pub(crate) beat: Heartbeat,
    /// How it is doing.
    pub(crate) liveness: Liveness,
    /// Since when it is gone.
    pub(crate) gone: Option<Millis>,
}

/// The countdown of one instance.
pub(crate) fn beat_bar(of: Memo<Beating>, clock: Clock, lang: Lang) -> impl IntoView {
    let runs = Memo::new(move |_| of.with(|of| of.gone.is_none() && of.beat.last.is_some() && scale(&of.beat).is_some()));
    let bar = changing(move || {
        if runs.get() {
            running_bar(of, clock, lang).into_any()
        } else {
            view! { <span class="bar none"></span> }
        }
    });
    let words = changing(move || {
        let now = clock.now.get();
        let Beating { beat, liveness, gone } = of.get();
        phrase(next(&beat, liveness, gone, now), now, lang)
    });
    view! {
        <div class="beat" data-status=move || of.get().liveness.slug()>
            {bar}
            {words}
        </div>
    }
}

/// A bar that fills by itself. Its animation began when the element was made, and is told how long before or after that the last
/// beat was: so a new beat moves the bar without starting anything anew.
fn running_bar(of: Memo<Beating>, clock: Clock, lang: Lang) -> impl IntoView {
    let began = clock.exact();
    let t = components::texts(lang);
    let since = move |of: &Beating| of.beat.last.map_or(0, |last| clock.now.get().since(last).max(0));
    view! {
        <span
            class="bar"
            role="img"
            style=move || of.with(|of| cuts(&of.beat))
            aria-label=move || of.with(|of| (t.since_last_beat)(&amount::duration(lang, since(of))))
        >
            <i style=move || of.with(|of| run(&of.beat, began, since(of)))></i>
        </span>
    }
}

/// Where the bar is cut.
fn cuts(beat: &Heartbeat) -> String {
    let cut = |name: &str, ms: Option<i64>| format!("--{name}:{:.1}%", ms.map_or(-10.0, |ms| share(ms, beat)));
    [cut("due", beat.interval_ms), cut("bad", beat.unhealthy_after_ms), cut("gone", beat.removed_after_ms)].join(";")
}

/// How the bar runs, and where it is `since` milliseconds after the last beat, for readers without motion.
fn run(beat: &Heartbeat, began: Millis, since: i64) -> String {
    let life = scale(beat).unwrap_or(1);
    let start = beat.last.map_or(0, |last| last.since(began));
    format!("--life:{life}ms;--began:{start}ms;--at:{:.1}%", share(since, beat).min(100.0))
}

fn share(ms: i64, beat: &Heartbeat) -> f64 {
    ms as f64 * 100.0 / scale(beat).unwrap_or(1) as f64
}

/// What is left until a deadline: to the tenth under a minute.
fn left(lang: Lang, ms: i64) -> String {
    let tenths = ms.max(0) / 100;
    if tenths < 600 { format!("{}.{} {}", tenths / 10, tenths % 10, lang.pick("s", "秒")) } else { amount::duration(lang, ms) }
}

fn phrase(next: Next, now: Millis, lang: Lang) -> AnyView {
    let t = components::texts(lang);
    let counted = |(before, behind): (&'static str, &'static str), ms: i64| {
        view! { <span>{before}<b class="strong">{left(lang, ms)}</b>{behind}</span> }
    };
    let quiet = |text: String| view! { <span class="sub">{text}</span> };
    match next {
        Next::Due(at) => counted(t.due_in, at.since(now)),
        Next::DueNow => view! { <span>{t.due_now}</span> },
        Next::Unhealthy(at) => counted(t.unhealthy_in, at.since(now)),
        Next::Removed(at) => counted(t.removed_in, at.since(now)),
        Next::Silent(last) => quiet((t.silent_for)(&amount::duration(lang, now.since(last)))),
        Next::Gone(since) => quiet((t.gone_for)(&amount::duration(lang, now.since(since)))),
        Next::NotReported(via) => quiet(t.not_reported(lang, via).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NACOS: Heartbeat = Heartbeat {
        via: BeatVia::Http,
        last: Some(Millis(100_000)),
        interval_ms: Some(5_000),
        unhealthy_after_ms: Some(15_000),
        removed_after_ms: Some(30_000),
    };

    #[test]
    fn what_comes_next_follows_the_rules_of_the_registry() {
        use Liveness::{Drained, Late, Removed, Unhealthy, Up};
        let persistent = Heartbeat { removed_after_ms: None, ..NACOS };
        let grpc = Heartbeat::untold(BeatVia::Grpc);
        for (beat, liveness, gone, elapsed, expected) in [
            (NACOS, Up, None, 1_200, Next::Due(Millis(105_000))),
            (NACOS, Drained, None, 1_700, Next::Due(Millis(105_000))),
            (NACOS, Up, None, 5_400, Next::DueNow),
            (NACOS, Late, None, 9_300, Next::Unhealthy(Millis(115_000))),
            (NACOS, Unhealthy, None, 21_400, Next::Removed(Millis(130_000))),
            (persistent, Unhealthy, None, 21_400, Next::Silent(Millis(100_000))),
            (NACOS, Removed, Some(Millis(130_500)), 40_000, Next::Gone(Millis(130_500))),
            (grpc, Up, None, 0, Next::NotReported(BeatVia::Grpc)),
        ] {
            assert_eq!(next(&beat, liveness, gone, Millis(100_000 + elapsed)), expected, "{liveness:?} after {elapsed} ms");
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod pictures {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(beat: Heartbeat, liveness: Liveness, expected: &Expect) {
        let html = Owner::new().with(|| {
            let beating = Memo::new(move |_| Beating { beat, liveness, gone: None });
            beat_bar(beating, Clock::new(Millis(109_300)), Lang::En).to_html()
        });
        expected.assert_eq(&html.replace("<!>", ""));
    }

    #[test]
    fn the_bar_is_cut_where_the_verdict_changes() {
        let beat = Heartbeat {
            via: BeatVia::Http,
            last: Some(Millis(100_000)),
            interval_ms: Some(5_000),
            unhealthy_after_ms: Some(15_000),
            removed_after_ms: Some(30_000),
        };
        check(
            beat,
            Liveness::Late,
            &expect![[
                r#"<div data-status="late" class="beat"><span role="img" aria-label="9 s since the last beat" class="bar" style="--due:14.3%;--bad:42.9%;--gone:85.7%;"><i style="--life:35000ms;--began:-9300ms;--at:26.6%;"></i></span><span>unhealthy in <b class="strong">5.7 s</b> </span></div>"#
            ]],
        );
    }

    #[test]
    fn a_beat_that_is_not_told_is_dashed() {
        check(
            Heartbeat::untold(BeatVia::Grpc),
            Liveness::Up,
            &expect![[
                r#"<div data-status="up" class="beat"><span class="bar none"></span><span class="sub">gRPC link, no beats</span></div>"#
            ]],
        );
    }
}
