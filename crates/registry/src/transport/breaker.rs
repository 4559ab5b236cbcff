//! When an endpoint is left alone for a while. Pure: the time is an argument.

use std::time::Duration;

use pilothouse_model::Breaker;

/// How many failures in a row open the breaker.
const LIMIT: u32 = 5;
/// The first pause.
const SHORTEST: Duration = Duration::from_secs(1);
/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(30);

/// Opens after five failures in a row; then lets one try through after a pause, which doubles from one second to thirty
/// each time that try fails. Times are durations since any fixed moment, never going backwards.
#[derive(Clone, Debug, Default)]
pub struct CircuitBreaker {
    failures: u32,
    pause: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: Duration,
    },
    HalfOpen,
}

impl CircuitBreaker {
    /// Whether a request would be let through at `now`. Changes nothing.
    #[must_use]
    pub fn would_admit(&self, now: Duration) -> bool {
        match self.state {
            State::Closed => true,
            State::Open { until } => now >= until,
            State::HalfOpen => false,
        }
    }

    /// Lets a request through, or not. Whoever is let through reports how it went, or that it was given up.
    #[must_use]
    pub fn admit(&mut self, now: Duration) -> bool {
        let admitted = self.would_admit(now);
        if admitted && self.state != State::Closed {
            self.state = State::HalfOpen;
        }
        admitted
    }

    /// A request was answered: the endpoint is well.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A request failed in a way that speaks against the endpoint.
    pub fn failed(&mut self, now: Duration) {
        self.failures = self.failures.saturating_add(1);
        let opens = match self.state {
            State::Closed => self.failures >= LIMIT,
            State::HalfOpen => true,
            // A straggler, sent before the breaker opened, says nothing new.
            State::Open { .. } => false,
        };
        if opens {
            self.pause = (self.pause * 2).clamp(SHORTEST, LONGEST);
            self.state = State::Open { until: now + self.pause };
        }
    }

    /// A request was given up before its outcome was known: the next one may try.
    pub fn abandoned(&mut self, now: Duration) {
        if self.state == State::HalfOpen {
            self.state = State::Open { until: now };
        }
    }

    /// What the Registries page shows; `moment` turns a time of this breaker into one of the wall clock.
    #[must_use]
    pub fn status(&self, moment: impl FnOnce(Duration) -> pilothouse_model::Millis) -> Breaker {
        match self.state {
            State::Closed => Breaker::Closed,
            State::Open { until } => Breaker::Open { until: moment(until) },
            State::HalfOpen => Breaker::HalfOpen,
        }
    }

    /// When the next try is let through, where there is a pause.
    #[must_use]
    pub fn opens_again_at(&self) -> Option<Duration> {
        match self.state {
            State::Open { until } => Some(until),
            State::Closed | State::HalfOpen => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secs(s: u64) -> Duration {
        Duration::from_secs(s)
    }

    #[test]
    fn pauses_grow_from_one_second_to_thirty() {
        let mut breaker = CircuitBreaker::default();
        let mut now = secs(100);
        for _ in 0..4 {
            assert!(breaker.admit(now));
            breaker.failed(now);
        }
        let mut pauses = Vec::new();
        for _ in 0..7 {
            assert!(breaker.admit(now));
            breaker.failed(now);
            let until = breaker.opens_again_at().unwrap();
            assert!(!breaker.admit(until - Duration::from_millis(1)));
            pauses.push((until - now).as_secs());
            now = until;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert!(breaker.admit(now));
        breaker.succeeded();
        assert!(breaker.admit(now));
        breaker.failed(now);
        assert!(breaker.admit(now), "one failure after a success opens nothing");
    }

    #[test]
    fn a_try_that_was_given_up_does_not_block_the_next() {
        let mut breaker = CircuitBreaker::default();
        for _ in 0..5 {
            breaker.failed(secs(0));
        }
        assert!(breaker.admit(secs(1)));
        assert!(!breaker.admit(secs(99)), "a single try");
        breaker.abandoned(secs(99));
        assert!(breaker.admit(secs(99)));
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Ask,
        Succeed,
        Fail,
        Abandon,
        Wait(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![3 => Just(Step::Ask), 1 => Just(Step::Succeed), 4 => Just(Step::Fail), 1 => Just(Step::Abandon), 1 => (0u64..40_000).prop_map(Step::Wait)]
    }

    proptest! {
        /// Whatever happens: at most one try is out while it is not closed, it never stays shut for longer than the
        /// longest pause once that try is over, and five failures in a row after a success always shut it.
        #[test]
        fn it_never_locks_and_never_floods(steps in prop::collection::vec(step(), 0..200)) {
            let mut breaker = CircuitBreaker::default();
            let mut now = Duration::ZERO;
            let (mut under_way, mut in_a_row) = (0u32, 0u32);
            for step in steps {
                match step {
                    Step::Wait(ms) => now += Duration::from_millis(ms),
                    Step::Ask => {
                        let shut = in_a_row >= LIMIT;
                        if breaker.admit(now) {
                            under_way += 1;
                            if shut {
                                prop_assert!(!breaker.admit(now), "a second try beside the first");
                            }
                        }
                    }
                    Step::Succeed if under_way > 0 => {
                        under_way -= 1;
                        in_a_row = 0;
                        breaker.succeeded();
                        prop_assert!(breaker.would_admit(now));
                    }
                    Step::Fail if under_way > 0 => {
                        under_way -= 1;
                        in_a_row += 1;
                        breaker.failed(now);
                        if in_a_row <= LIMIT {
                            prop_assert_eq!(breaker.would_admit(now), in_a_row < LIMIT);
                        }
                    }
                    Step::Abandon if under_way > 0 => {
                        under_way -= 1;
                        breaker.abandoned(now);
                    }
                    Step::Succeed | Step::Fail | Step::Abandon => {}
                }
                if under_way == 0 {
                    prop_assert!(breaker.would_admit(now + LONGEST), "shut for ever");
                }
            }
        }
    }
}
