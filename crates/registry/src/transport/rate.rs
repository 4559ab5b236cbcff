//! How many requests were sent in the last minute.

use std::time::Duration;

const SECONDS: usize = 60;

/// One counter a second, for sixty seconds. Times never go backwards.
#[derive(Debug)]
pub(super) struct Rate {
    counts: [u32; SECONDS],
    /// The second the newest counter stands for.
    second: u64,
}

impl Default for Rate {
    fn default() -> Self {
        Self { counts: [0; SECONDS], second: 0 }
    }
}

impl Rate {
    pub(super) fn count(&mut self, now: Duration) {
        self.forget(now);
        let slot = &mut self.counts[slot(self.second)];
        *slot = slot.saturating_add(1);
    }

    pub(super) fn per_minute(&mut self, now: Duration) -> u32 {
        self.forget(now);
        self.counts.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }

    fn forget(&mut self, now: Duration) {
        let second = now.as_secs();
        if second.saturating_sub(self.second) >= SECONDS as u64 {
            self.counts = [0; SECONDS];
        } else {
            for passed in self.second + 1..=second {
                self.counts[slot(passed)] = 0;
            }
        }
        self.second = self.second.max(second);
    }
}

fn slot(second: u64) -> usize {
    usize::try_from(second % SECONDS as u64).expect("below sixty")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_remembered_and_no_more() {
        let mut rate = Rate::default();
        let at = Duration::from_secs;
        rate.count(at(0));
        rate.count(at(30));
        rate.count(at(30));
        assert_eq!(rate.per_minute(at(59)), 3);
        assert_eq!(rate.per_minute(at(60)), 2);
        assert_eq!(rate.per_minute(at(89)), 2);
        assert_eq!(rate.per_minute(at(90)), 0);
        rate.count(at(1_000));
        assert_eq!(rate.per_minute(at(1_000)), 1);
    }
}
