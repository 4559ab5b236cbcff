//! Which services are read again: each once, eight at a time. Asks nothing by itself; times are arguments.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use pilothouse_model::ServiceKey;
use tokio::time::Instant;

/// Services that are read at once.
pub(super) const CONCURRENT: usize = 8;
/// A hint whose reading shows no change is followed by another reading: another server of the cluster may have answered
/// that did not know yet.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Why a service is read. The later in this order, the more it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// Its turn, or a count that changed.
    Due,
    /// A sweep saw a change that no push had told.
    Swept,
    /// A push told that it changed.
    Hinted,
}

/// The services that are due, and those under way.
#[derive(Debug, Default)]
pub(super) struct Reads {
    due: VecDeque<ServiceKey>,
    why: HashMap<ServiceKey, Why>,
    under_way: HashMap<ServiceKey, Why>,
    later: VecDeque<(Instant, ServiceKey)>,
    later_keys: HashSet<ServiceKey>,
}

impl Reads {
    /// Asks for a reading. One that is under way began too early to count.
    pub(super) fn ask(&mut self, key: ServiceKey, why: Why) {
        match self.why.get_mut(&key) {
            Some(known) => *known = why.max(*known),
            None => {
                self.why.insert(key.clone(), why);
                self.due.push_back(key);
            }
        }
    }

    /// The next service to read now, if there is one and a place for it.
    pub(super) fn start(&mut self, now: Instant) -> Option<ServiceKey> {
        while self.later.front().is_some_and(|(at, _)| *at <= now)
            && let Some((_, key)) = self.later.pop_front()
        {
            self.later_keys.remove(&key);
            self.ask(key, Why::Due);
        }
        if self.under_way.len() >= CONCURRENT {
            return None;
        }
        let at = self.due.iter().position(|key| !self.under_way.contains_key(key))?;
        let key = self.due.remove(at)?;
        let why = self.why.remove(&key).unwrap_or(Why::Due);
        self.under_way.insert(key.clone(), why);
        Some(key)
    }

    /// A reading ended. Says why it was made.
    pub(super) fn end(&mut self, key: &ServiceKey, changed: bool, now: Instant) -> Why {
        let why = self.under_way.remove(key).unwrap_or(Why::Due);
        if why == Why::Hinted && !changed && !self.why.contains_key(key) && self.later_keys.insert(key.clone()) {
            self.later.push_back((now + SECOND_LOOK, key.clone()));
        }
        why
    }

    /// When something becomes due by itself.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.later.front().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Namespace, Scope};

    use super::*;

    fn key(name: &str) -> ServiceKey {
        let scope = Scope { registry: "r".parse().unwrap(), namespace: Namespace::new(""), group: "g".into() };
        ServiceKey { scope, name: name.into() }
    }

    #[test]
    fn a_service_is_read_once_however_often_it_is_asked_for() {
        let (mut reads, now) = (Reads::default(), Instant::now());
        reads.ask(key("a"), Why::Hinted);
        reads.ask(key("a"), Why::Due);
        assert_eq!(reads.start(now), Some(key("a")));
        assert_eq!(reads.start(now), None);
        // What is asked for meanwhile is read after.
        reads.ask(key("a"), Why::Due);
        assert_eq!(reads.start(now), None);
        assert_eq!(reads.end(&key("a"), true, now), Why::Hinted);
        assert_eq!(reads.start(now), Some(key("a")));
    }

    #[test]
    fn no_more_than_eight_at_once() {
        let (mut reads, now) = (Reads::default(), Instant::now());
        (0..20).for_each(|n| reads.ask(key(&n.to_string()), Why::Due));
        let started: Vec<_> = std::iter::from_fn(|| reads.start(now)).collect();
        assert_eq!(started.len(), CONCURRENT);
        reads.end(&started[3], true, now);
        assert_eq!(reads.start(now), Some(key("8")), "in the order they were asked for");
    }

    #[test]
    fn a_hint_that_shows_nothing_gets_one_second_look() {
        let (mut reads, now) = (Reads::default(), Instant::now());
        reads.ask(key("a"), Why::Hinted);
        reads.start(now);
        reads.end(&key("a"), false, now);
        assert_eq!((reads.start(now), reads.wake_at()), (None, Some(now + SECOND_LOOK)));
        assert_eq!(reads.start(now + SECOND_LOOK), Some(key("a")));
        reads.end(&key("a"), false, now + SECOND_LOOK);
        assert_eq!((reads.start(now + SECOND_LOOK * 9), reads.wake_at()), (None, None));
    }
}
