//! The arithmetic of the density: buckets, what came since, and where everything stands.

use pilothouse_api::{DensityBucket, LedgerAnswer, LedgerRow};
use pilothouse_model::{Liveness, Millis};

use super::asked::Span;

/// Height of the tallest bucket, in pixels.
pub(super) const HEIGHT: f64 = 70.0;
const MINUTE: i64 = 60_000;

/// A stretch of time laid over the width of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    /// Its beginning.
    pub(super) start: Millis,
    /// Its end.
    pub(super) end: Millis,
}

impl Axis {
    /// The axis of a span, seen from `now`.
    pub(super) fn of(span: Span, now: Millis) -> Self {
        let (start, end) = span.ends(now);
        let end = end.unwrap_or(now);
        Self { start, end: if end > start { end } else { start + 1 } }
    }

    /// Where a moment stands, in percent of the width.
    pub(super) fn x(&self, at: Millis) -> f64 {
        (at.since(self.start) as f64 * 100.0 / self.length() as f64).clamp(0.0, 100.0)
    }

    /// The moment at a share of the width from 0 to 1.
    pub(super) fn at(&self, share: f64) -> Millis {
        self.start + (share.clamp(0.0, 1.0) * self.length() as f64) as i64
    }

    fn length(&self) -> i64 {
        self.end.since(self.start)
    }

    /// Round moments to write below it: at most seven.
    pub(super) fn ticks(&self) -> Vec<Millis> {
        const STEPS: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1_440, 10_080];
        let step = STEPS.iter().map(|minutes| minutes * MINUTE).find(|step| self.length() / step <= 7).unwrap_or(43_200 * MINUTE);
        let first = self.start.0 - self.start.0.rem_euclid(step) + step;
        (0..8).map(|n| Millis(first + n * step)).filter(|at| *at < self.end).collect()
    }
}

/// The buckets the server counted, and in them what came since.
pub(super) fn buckets(answer: &LedgerAnswer, news: &[LedgerRow]) -> Vec<DensityBucket> {
    let mut buckets = answer.density.clone();
    for row in news.iter().rev() {
        let at = row.occurred.moment();
        let holds = |bucket: &DensityBucket| (bucket.start..bucket.start + bucket.width_ms).contains(&at);
        let found = buckets.iter().rposition(holds).unwrap_or_else(|| {
            let (start, width_ms) = match buckets.last() {
                Some(last) => (last.start + at.since(last.start).div_euclid(last.width_ms.max(1)) * last.width_ms, last.width_ms.max(1)),
                None => (Millis(at.0 - at.0.rem_euclid(MINUTE)), MINUTE),
            };
            buckets.push(DensityBucket { start, width_ms, facts: 0, to: Vec::new() });
            buckets.len() - 1
        });
        let bucket = &mut buckets[found];
        bucket.facts += 1;
        match bucket.to.iter_mut().find(|(state, _)| *state == row.to) {
            Some((_, count)) => *count += 1,
            None => bucket.to.push((row.to, 1)),
        }
    }
    buckets
}

/// One piece of a bucket: `None` is a fact that changed no state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) state: Option<Liveness>,
    pub(super) y: f64,
    pub(super) height: f64,
}

/// The tallest bucket.
pub(super) fn most(buckets: &[DensityBucket]) -> u32 {
    buckets.iter().map(total).max().unwrap_or_default().max(1)
}

fn total(bucket: &DensityBucket) -> u32 {
    bucket.facts.max(changed(bucket))
}

fn changed(bucket: &DensityBucket) -> u32 {
    bucket.to.iter().map(|(_, count)| count).sum()
}

/// The pieces of a bucket from the bottom up: transitions, the most alarming lowest, then the facts that were none. `base` is the
/// y of the axis, `most` the count of the tallest bucket.
pub(super) fn pieces(bucket: &DensityBucket, most: u32, base: f64) -> Vec<Piece> {
    let plain = total(bucket) - changed(bucket);
    let of = |state: Liveness| bucket.to.iter().filter(move |(to, _)| *to == state).map(|(to, count)| (Some(*to), *count));
    let counts = Liveness::ALL.into_iter().rev().flat_map(of).chain([(None, plain)]);
    let mut y = base;
    let mut pieces = Vec::new();
    for (state, count) in counts.filter(|(_, count)| *count > 0) {
        // One of a hundred is still to be seen.
        let height = (f64::from(count) * HEIGHT / f64::from(most)).max(2.0);
        y -= height;
        pieces.push(Piece { state, y, height: (height - 0.6).max(1.4) });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::ledger::fold::tests::row;

    fn answer() -> LedgerAnswer {
        let bucket = |minute: i64, facts| DensityBucket { start: Millis(minute * MINUTE), width_ms: MINUTE, facts, to: vec![] };
        LedgerAnswer { density: vec![bucket(0, 4), bucket(1, 2)], ..LedgerAnswer::default() }
    }

    #[test]
    fn what_came_since_is_counted_into_its_minute() {
        let news =
            [row(3, 3 * MINUTE + 5, "a", Liveness::Late), row(2, MINUTE + 9, "a", Liveness::Late), row(1, MINUTE + 8, "b", Liveness::Late)];
        let buckets = buckets(&answer(), &news);
        let seen: Vec<_> = buckets.iter().map(|b| (b.start.0 / MINUTE, b.facts, b.to.clone())).collect();
        assert_eq!(seen, [(0, 4, vec![]), (1, 4, vec![(Liveness::Late, 2)]), (3, 1, vec![(Liveness::Late, 1)])]);
    }

    #[test]
    fn the_most_alarming_lies_lowest_and_nothing_vanishes() {
        let to = vec![(Liveness::Late, 1), (Liveness::Unhealthy, 10)];
        let bucket = DensityBucket { start: Millis(0), width_ms: MINUTE, facts: 200, to };
        let pieces = pieces(&bucket, 200, 84.0);
        assert_eq!(pieces.iter().map(|piece| piece.state).collect::<Vec<_>>(), [Some(Liveness::Unhealthy), Some(Liveness::Late), None]);
        assert!(pieces.iter().all(|piece| piece.height >= 1.4 && piece.y < 84.0));
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (length, count, step) in [(60, 5, 10), (7, 6, 1), (24 * 60, 3, 360), (7 * 24 * 60, 6, 1_440)] {
            let axis = Axis { start: Millis(1), end: Millis(length * MINUTE) };
            let ticks = axis.ticks();
            assert!(ticks.len() <= 7 && ticks.len() >= count, "{length}: {ticks:?}");
            assert!(ticks.iter().all(|at| at.0 % (step * MINUTE) == 0), "{length}: {ticks:?}");
        }
    }
}
