//! The last hour of a service or instance: height carries severity, so that it reads without colour.

use leptos::prelude::*;
use pilothouse_api::{HISTORY_MS, Step};
use pilothouse_model::{Liveness, Millis};

use crate::i18n::{Lang, shell, words};
use crate::view::view;

/// Width and height of the drawing: a unit is a pixel at 120 px.
const WIDTH: i64 = 120;

/// A strip of the hour that ends `now`. `named` is what it belongs to; `current` is how that is doing.
pub(crate) fn strip(lang: Lang, named: &str, history: &[Step], current: Liveness, now: Millis) -> impl IntoView + use<> {
    let label = shell::texts(lang).strip;
    let label = format!("{named}{label}{}", words::liveness(lang, current));
    let parts =
        phases(history, current, now).into_iter().map(|(liveness, path)| view! { <path data-status=liveness.slug() d=path></path> });
    view! { <svg class="strip" viewBox="0 0 120 16" preserveAspectRatio="none" role="img" aria-label=label>{parts.collect_view()}</svg> }
}

/// One path a state: all its stretches in pixels. A stretch of any length is at least two pixels wide.
fn phases(history: &[Step], current: Liveness, now: Millis) -> Vec<(Liveness, String)> {
    let start = now - HISTORY_MS;
    let x = |at: Millis| (at.since(start).clamp(0, HISTORY_MS) * WIDTH + HISTORY_MS / 2) / HISTORY_MS;
    let mut stretches: Vec<(Option<Liveness>, i64, i64)> = Vec::new();
    let (mut from, mut state) = (0, history.first().map_or(Some(current), |step| step.from));
    for step in history {
        stretches.push((state, from, x(step.at)));
        (from, state) = (x(step.at), Some(step.to));
    }
    // What is shown now is never hidden in the last pixel.
    stretches.push((if history.is_empty() { state } else { Some(current) }, from.min(WIDTH - 2), WIDTH));
    let mut paths: Vec<(Liveness, String)> = Vec::new();
    let mut end = WIDTH;
    for (state, left, right) in stretches.into_iter().rev() {
        let (Some(state), right) = (state, right.min(end)) else { continue };
        let left = if state.is_failing() { left.min(right - 2).max(0) } else { left };
        if right <= left {
            continue;
        }
        end = left;
        let (top, width) = (16 - height(state), right - left);
        let part = if state == Liveness::Unknown {
            format!("M{left}.5 15.5v-4h{}v4z", (width - 1).max(1))
        } else {
            format!("M{left} {top}h{width}v{}h-{width}z", height(state))
        };
        match paths.iter_mut().find(|(s, _)| *s == state) {
            Some((_, path)) => path.push_str(&part),
            None => paths.push((state, part)),
        }
    }
    paths
}

fn height(liveness: Liveness) -> i64 {
    match liveness {
        Liveness::Up | Liveness::Unknown => 4,
        Liveness::Returned | Liveness::Drained | Liveness::Protected => 5,
        Liveness::Late => 8,
        Liveness::Flapping => 10,
        Liveness::Unhealthy | Liveness::Removed => 15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(HISTORY_MS);

    fn step(minute: i64, from: Option<Liveness>, to: Liveness) -> Step {
        Step { at: Millis(minute * 60_000), from, to }
    }

    #[test]
    fn an_hour_without_change_is_one_bar() {
        assert_eq!(phases(&[], Liveness::Up, NOW), [(Liveness::Up, "M0 12h120v4h-120z".to_owned())]);
    }

    #[test]
    fn a_change_divides_the_hour() {
        let steps = [step(30, Some(Liveness::Up), Liveness::Unhealthy)];
        let drawn = phases(&steps, Liveness::Unhealthy, NOW);
        assert_eq!(drawn, [(Liveness::Unhealthy, "M60 1h60v15h-60z".to_owned()), (Liveness::Up, "M0 12h60v4h-60z".to_owned())]);
    }

    #[test]
    fn the_newest_failure_is_always_seen() {
        let steps = [step(60, Some(Liveness::Up), Liveness::Removed)];
        assert_eq!(phases(&steps, Liveness::Removed, NOW)[0], (Liveness::Removed, "M118 1h2v15h-2z".to_owned()));
    }

    #[test]
    fn before_it_was_there_nothing_is_drawn() {
        let drawn = phases(&[step(45, None, Liveness::Up)], Liveness::Up, NOW);
        assert_eq!(drawn, [(Liveness::Up, "M90 12h30v4h-30z".to_owned())]);
    }
}
