//! The last hour of the whole fleet, counted as it happens.

use std::collections::{BTreeMap, VecDeque};

use pilothouse_api::{HISTORY_MS, Horizon, HorizonBucket, HorizonMark};
use pilothouse_model::{Liveness, Millis};

const MINUTE_MS: i64 = 60_000;
/// Marks kept at most.
const MAX_MARKS: usize = 200;

/// Counters of the last hour.
#[derive(Default)]
pub(crate) struct HorizonState {
    minutes: BTreeMap<Millis, BTreeMap<Liveness, u32>>,
    marks: VecDeque<HorizonMark>,
    touched: Horizon,
}

impl HorizonState {
    /// Counts a transition.
    pub(super) fn count(&mut self, at: Millis, to: Liveness) {
        let minute = Millis(at.0.div_euclid(MINUTE_MS) * MINUTE_MS);
        *self.minutes.entry(minute).or_default().entry(to).or_default() += 1;
        let bucket = self.bucket(minute);
        self.touched.buckets.retain(|touched| touched.minute != minute);
        self.touched.buckets.push(bucket);
    }

    /// Adds a mark.
    pub(super) fn mark(&mut self, mark: HorizonMark) {
        if self.marks.len() == MAX_MARKS {
            self.marks.pop_front();
        }
        self.marks.push_back(mark.clone());
        self.touched.marks.push(mark);
    }

    /// Drops what is older than an hour.
    pub(super) fn forget(&mut self, now: Millis) {
        let before = now - HISTORY_MS - MINUTE_MS;
        self.minutes = self.minutes.split_off(&before);
        while self.marks.front().is_some_and(|mark| mark.at < before) {
            self.marks.pop_front();
        }
    }

    /// What changed since it was last asked; `None` when nothing did.
    pub(super) fn take_touched(&mut self) -> Option<Horizon> {
        let touched = std::mem::take(&mut self.touched);
        (touched != Horizon::default()).then_some(touched)
    }

    /// The whole hour.
    pub(super) fn whole(&self) -> Horizon {
        Horizon { buckets: self.minutes.keys().map(|minute| self.bucket(*minute)).collect(), marks: self.marks.iter().cloned().collect() }
    }

    fn bucket(&self, minute: Millis) -> HorizonBucket {
        let counts = self.minutes.get(&minute).into_iter().flatten().map(|(liveness, count)| (*liveness, *count)).collect();
        HorizonBucket { minute, counts }
    }
}
