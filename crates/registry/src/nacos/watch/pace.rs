//! When the lists are polled. Pure: times are arguments.
//!
//! With push in force, a list with instances every 31 s finds what a datagram lost, in under two requests a minute. Without
//! it, the list of counts is both proof of life and the way to notice changes, and every sixth poll or so reads instances.

use std::time::Duration;

use pilothouse_model::RegistryKind;
use tokio::time::Instant;

/// Between two polls of an idle registry that pushes, one namespace.
const PUSHING: Duration = Duration::from_secs(31);
/// The longest between two polls that are the proof of life.
const PROVING: Duration = Duration::from_secs(10);
/// Between two polls while things change.
const LIVELY: Duration = Duration::from_secs(3);
/// The same where pushes tell of everything but new services.
const LIVELY_PUSHING: Duration = Duration::from_secs(5);
/// A service more makes a lively list cost this much more patience: at a thousand, the intervals above still hold.
const PER_SERVICE: Duration = Duration::from_millis(3);
/// How long after a change a registry counts as lively.
const CALM_AFTER: Duration = Duration::from_secs(30);
/// The longest between two sweeps.
pub(in super::super) const SWEEP: Duration = Duration::from_secs(60);
/// Nacos forgets a subscriber that did not ask for 30 s.
const RENEWAL: Duration = Duration::from_secs(27);
/// The embedded registry after 60 s.
const EMBEDDED_RENEWAL: Duration = Duration::from_secs(50);
/// How long a long poll is held: the least Nacos allows.
pub(super) const HELD: Duration = Duration::from_secs(10);

/// The clock of one watch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) freshness_bound: Duration,
    pub(super) namespaces: u32,
    pub(super) services: u32,
    pub(super) last_change: Instant,
    pub(super) last_poll: Instant,
    pub(super) last_sweep: Instant,
}

/// What is asked next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Poll {
    /// The list of counts.
    Counts,
    /// The list with instances.
    Sweep,
}

impl Pace {
    /// When to poll next. `proven`: something else gives proof of life, and push tells of changes.
    pub(super) fn due(&self, proven: bool) -> Instant {
        self.last_poll + self.interval(proven)
    }

    /// Whether something changed lately.
    pub(super) fn lively(&self) -> bool {
        self.last_poll.saturating_duration_since(self.last_change) < CALM_AFTER
    }

    fn interval(&self, proven: bool) -> Duration {
        match (proven, self.lively()) {
            (true, false) => pushing_interval(self.namespaces),
            (true, true) => LIVELY_PUSHING.max(PER_SERVICE * self.services).min(pushing_interval(self.namespaces)),
            (false, false) => proof_interval(self.freshness_bound),
            (false, true) => LIVELY.max(PER_SERVICE * self.services).min(proof_interval(self.freshness_bound)),
        }
    }

    /// What to ask at `now`.
    pub(super) fn what(&self, proven: bool, now: Instant) -> Poll {
        let until_next = self.interval(proven);
        let sweeps = now.saturating_duration_since(self.last_sweep) + until_next > SWEEP;
        if sweeps || (proven && until_next > PROVING) { Poll::Sweep } else { Poll::Counts }
    }
}

/// Between two renewals of a subscription.
pub(super) fn renewal_interval(kind: RegistryKind) -> Duration {
    if kind == RegistryKind::Embedded { EMBEDDED_RENEWAL } else { RENEWAL }
}

/// Between two polls that prove life: two of them fit into the bound, for one may fail.
pub(in super::super) fn proof_interval(freshness_bound: Duration) -> Duration {
    (freshness_bound * 2 / 3).clamp(Duration::from_secs(1), PROVING)
}

/// Between two polls of an idle registry that pushes.
pub(in super::super) fn pushing_interval(namespaces: u32) -> Duration {
    (PUSHING * namespaces.max(1)).min(SWEEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls of an hour without changes.
    fn idle_hour(proven: bool, namespaces: u32) -> (u32, Duration, Duration) {
        let start = Instant::now();
        let long_ago = start.checked_sub(Duration::from_secs(100)).unwrap_or(start);
        let mut pace = Pace {
            freshness_bound: Duration::from_secs(15),
            namespaces,
            services: 10,
            last_change: long_ago,
            last_poll: start + CALM_AFTER,
            last_sweep: start + CALM_AFTER,
        };
        let end = pace.last_poll + Duration::from_secs(3_600);
        let (mut polls, mut widest, mut widest_sweep) = (0, Duration::ZERO, Duration::ZERO);
        while pace.due(proven) < end {
            let now = pace.due(proven);
            widest = widest.max(now - pace.last_poll);
            if pace.what(proven, now) == Poll::Sweep {
                widest_sweep = widest_sweep.max(now - pace.last_sweep);
                pace.last_sweep = now;
            }
            pace.last_poll = now;
            polls += namespaces;
        }
        (polls, widest, widest_sweep)
    }

    #[test]
    fn a_registry_that_pushes_is_polled_less_than_twice_a_minute() {
        let (polls, widest, sweep) = idle_hour(true, 1);
        assert!(polls < 120, "{polls}");
        assert_eq!((widest, sweep), (PUSHING, PUSHING));
    }

    #[test]
    fn no_sweep_is_later_than_a_minute() {
        for (proven, namespaces) in [(true, 1), (true, 2), (true, 9), (false, 1), (false, 3)] {
            assert!(idle_hour(proven, namespaces).2 <= SWEEP, "{proven} {namespaces}");
        }
    }

    #[test]
    fn polls_that_prove_life_come_well_inside_the_bound() {
        let (polls, widest, _) = idle_hour(false, 1);
        assert_eq!(widest, Duration::from_secs(10));
        assert!(polls <= 360, "not more than the long polls they stand in for: {polls}");
        assert_eq!(proof_interval(Duration::from_secs(6)), Duration::from_secs(4));
    }

    #[test]
    fn a_lively_registry_is_asked_more_often() {
        let now = Instant::now() + Duration::from_secs(100);
        let pace = |last_change| Pace {
            freshness_bound: Duration::from_secs(15),
            namespaces: 1,
            services: 1_000,
            last_change,
            last_poll: now,
            last_sweep: now,
        };
        let (lively, calm) = (pace(now), pace(now - CALM_AFTER));
        assert_eq!(lively.due(false) - now, LIVELY);
        assert_eq!(calm.due(false) - now, PROVING);
        assert_eq!(lively.due(true) - now, LIVELY_PUSHING);
        assert_eq!(lively.what(true, now), Poll::Counts);
    }
}
