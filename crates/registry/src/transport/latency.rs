//! How fast an endpoint answered lately.

use std::time::Duration;

/// How many of the last answers count.
const KEPT: usize = 128;

/// The durations of the last answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Latency {
    ring: Vec<Duration>,
    next: usize,
}

impl Latency {
    pub(super) fn record(&mut self, took: Duration) {
        if self.ring.len() < KEPT {
            self.ring.push(took);
        } else {
            self.ring[self.next] = took;
        }
        self.next = (self.next + 1) % KEPT;
    }

    /// The nearest-rank percentile in milliseconds; `None` before the first answer.
    pub(super) fn percentile_ms(&self, percent: usize) -> Option<f64> {
        let mut sorted = self.ring.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map(|took| took.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_last_answers() {
        let mut latency = Latency::default();
        assert_eq!(latency.percentile_ms(50), None);
        latency.record(Duration::from_secs(9));
        assert_eq!(latency.percentile_ms(95), Some(9_000.0));
        for ms in 1..=KEPT as u64 {
            latency.record(Duration::from_millis(ms));
        }
        assert_eq!(latency.percentile_ms(50), Some(64.0), "the nine seconds have fallen off");
        assert_eq!(latency.percentile_ms(95), Some(122.0));
    }
}
