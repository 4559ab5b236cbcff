//! How a span is cut into buckets.

use pilothouse_api::DensityBucket;
use pilothouse_model::{Liveness, Millis};

/// The most buckets an answer holds.
const MOST: i64 = 120;
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Widths a person can name.
const WIDTHS: [i64; 17] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
];
/// Spans are kept within the years 1970 to 9999, so that no sum overflows.
const BOUND: i64 = 253_402_300_799_999;

/// A span in buckets of equal width, whose borders stay where they are while the span slides on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Density {
    /// Start of the first bucket.
    pub(super) start: i64,
    /// Width of each.
    pub(super) width: i64,
    buckets: Vec<DensityBucket>,
}

impl Density {
    /// The finest buckets that cover `since..until`, wherever their borders fall: spans of one length get one width.
    pub(super) fn over(since: Millis, until: Millis) -> Self {
        let since = since.0.clamp(0, BOUND);
        let until = until.0.clamp(since, BOUND).max(since + 1);
        let days = || (until - since) / ((MOST - 1) * DAY) * DAY + DAY;
        let width = WIDTHS.into_iter().find(|width| until - since <= width * (MOST - 1)).unwrap_or_else(days);
        let (first, last) = (since / width, (until - 1) / width);
        let bucket = |index| DensityBucket { start: Millis(index * width), width_ms: width, facts: 0, to: Vec::new() };
        Self { start: first * width, width, buckets: (first..=last).map(bucket).collect() }
    }

    /// Adds facts to a bucket.
    pub(super) fn add_facts(&mut self, index: i64, facts: i64) {
        self.bucket(index).facts += u32::try_from(facts).unwrap_or(u32::MAX);
    }

    /// Adds transitions to a bucket.
    pub(super) fn add_transitions(&mut self, index: i64, to: Liveness, transitions: i64) {
        let count = u32::try_from(transitions).unwrap_or(u32::MAX);
        let bucket = self.bucket(index);
        match bucket.to.iter_mut().find(|(liveness, _)| *liveness == to) {
            Some((_, sum)) => *sum += count,
            None => bucket.to.push((to, count)),
        }
    }

    /// The buckets, oldest first, their states from quiet to alarming.
    pub(super) fn finish(mut self) -> Vec<DensityBucket> {
        for bucket in &mut self.buckets {
            bucket.to.sort_unstable_by_key(|(liveness, _)| *liveness);
        }
        self.buckets
    }

    /// What lies outside, by a clock that is ahead, counts at the border.
    fn bucket(&mut self, index: i64) -> &mut DensityBucket {
        let last = self.buckets.len() - 1;
        &mut self.buckets[usize::try_from(index).unwrap_or(0).min(last)]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_hour_is_cut_into_minutes() {
        let density = Density::over(Millis(90_000), Millis(90_000 + HOUR));
        assert_eq!((density.start, density.width, density.buckets.len()), (60_000, MINUTE, 61));
    }

    #[test]
    fn what_lies_outside_counts_at_the_border() {
        let mut density = Density::over(Millis(0), Millis(10_000));
        density.add_facts(99, 2);
        density.add_transitions(-1, Liveness::Removed, 1);
        density.add_transitions(0, Liveness::Up, 1);
        let buckets = density.finish();
        assert_eq!(buckets.last().unwrap().facts, 2);
        assert_eq!(buckets[0].to, [(Liveness::Up, 1), (Liveness::Removed, 1)]);
    }

    proptest! {
        #[test]
        fn any_span_is_covered_by_few_aligned_buckets(since in any::<i64>(), length in prop_oneof![0..i64::MAX, 0..100 * DAY]) {
            let until = since.saturating_add(length);
            let buckets = Density::over(Millis(since), Millis(until)).finish();
            let (first, last) = (&buckets[0], &buckets[buckets.len() - 1]);
            prop_assert!(buckets.len() <= 120);
            prop_assert_eq!(first.start.0 % first.width_ms, 0);
            let (since, until) = (since.clamp(0, BOUND), until.clamp(0, BOUND));
            prop_assert!(first.start.0 <= since && last.start.0 + last.width_ms >= until);
            for pair in buckets.windows(2) {
                prop_assert_eq!(pair[0].start + pair[0].width_ms, pair[1].start);
            }
        }
    }
}
