//! A sweep where the server lists no instances: service by service, spread over a minute. Pure: times are arguments.

use std::collections::VecDeque;
use std::time::Duration;

use pilothouse_model::ServiceKey;
use tokio::time::Instant;

use super::pace::SWEEP;

/// The shortest time between two readings: above three hundred services a sweep takes longer than a minute.
const STEP: Duration = Duration::from_millis(200);

/// The services a sweep still has to read.
#[derive(Debug)]
pub(super) struct Stroll {
    waiting: VecDeque<ServiceKey>,
    step: Duration,
    at: Instant,
}

impl Stroll {
    /// Over these services, from `now` on.
    pub(super) fn over<'a>(services: impl Iterator<Item = &'a ServiceKey>, now: Instant) -> Self {
        let waiting: VecDeque<_> = services.cloned().collect();
        let step = SWEEP / u32::try_from(waiting.len()).unwrap_or(u32::MAX).max(1);
        Self { waiting, step: step.max(STEP), at: now }
    }

    /// When the next service is due; `None` after the last.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.waiting.is_empty()).then_some(self.at)
    }

    /// The service whose turn it is.
    pub(super) fn next(&mut self, now: Instant) -> Option<ServiceKey> {
        if now < self.at {
            return None;
        }
        let key = self.waiting.pop_front()?;
        self.at = now + self.step;
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Namespace, Scope};

    use super::*;

    fn walk(services: u32) -> (usize, Duration) {
        let scope = Scope { registry: "r".parse().unwrap(), namespace: Namespace::new(""), group: "g".into() };
        let keys: Vec<_> = (0..services).map(|n| ServiceKey { scope: scope.clone(), name: n.to_string().into() }).collect();
        let start = Instant::now();
        let (mut stroll, mut read, mut now) = (Stroll::over(keys.iter(), start), 0, start);
        while let Some(due) = stroll.due() {
            now = due;
            assert!(stroll.next(due).is_some());
            assert_eq!(stroll.next(due), None, "one at a time");
            read += 1;
        }
        (read, now - start)
    }

    #[test]
    fn every_service_is_read_once_spread_over_a_minute() {
        assert_eq!(walk(0), (0, Duration::ZERO));
        assert_eq!(walk(4), (4, Duration::from_secs(45)));
        assert_eq!(walk(300), (300, SWEEP - STEP));
        assert_eq!(walk(1_000).1, STEP * 999, "never more than five a second");
    }
}
