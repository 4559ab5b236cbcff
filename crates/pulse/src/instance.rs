//! The state machine of one instance.

use std::collections::VecDeque;

use pilothouse_model::{Evidence, Instance, Liveness, Millis};

use crate::rules::{FLAPPING_TRANSITIONS, FLAPPING_WINDOW_MS, LATE_LOOK_MS, RETURNED_MS, described, leaves_only_on_purpose};

/// Steps kept an instance. Older ones are in the ledger.
const MAX_STEPS: usize = 64;

/// What is remembered of one instance: its liveness, since when, and its latest changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstancePulse {
    now: Option<(Liveness, Millis)>,
    steps: VecDeque<(Millis, Option<Liveness>, Liveness, Evidence)>,
    returned_at: Option<Millis>,
}

/// One look at an instance.
#[derive(Clone, Debug)]
pub struct Observation<'a> {
    /// As its registry describes it.
    pub instance: &'a Instance,
    /// The moment to which a change is attributed.
    pub at: Millis,
    /// When its last beat was read, where it was.
    pub beat_read_at: Option<Millis>,
    /// On what a change would rest.
    pub evidence: Evidence,
}

/// How an instance left the registry's view.
#[derive(Clone, Debug, PartialEq)]
pub enum Departure {
    /// It is not in the view any more, and we watched all the time.
    Seen,
    /// It was not there when we came back: nobody saw how.
    FoundOnReturn,
    /// A person took it out through this console.
    By(String),
}

impl InstancePulse {
    /// How it is doing; `None` before the first look.
    #[must_use]
    pub fn liveness(&self) -> Option<Liveness> {
        self.now.map(|(liveness, _)| liveness)
    }

    /// Since when.
    #[must_use]
    pub fn since(&self) -> Option<Millis> {
        self.now.map(|(_, since)| since)
    }

    /// Its latest changes, oldest first: when, before, after, evidence.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &(Millis, Option<Liveness>, Liveness, Evidence)> {
        self.steps.iter()
    }

    /// Takes in one look. Returns what it was before, if that changed.
    pub fn observe(&mut self, look: &Observation<'_>) -> Option<Option<Liveness>> {
        let described = described(look.instance, look.beat_read_at);
        if self.liveness() == Some(Liveness::Removed) && described == Liveness::Up {
            self.returned_at = Some(look.at);
        }
        let evidence = if described == Liveness::Late { Evidence::BeatOverdue } else { look.evidence.clone() };
        self.settle(described, look.at, evidence)
    }

    /// The instance is gone. Returns what it was before, if that changed.
    pub fn depart(&mut self, last: &Instance, at: Millis, how: Departure) -> Option<Option<Liveness>> {
        let was = self.liveness();
        let well = matches!(was, Some(Liveness::Up | Liveness::Returned | Liveness::Late | Liveness::Flapping));
        let (to, evidence) = match how {
            Departure::By(by) => (Liveness::Drained, Evidence::Edited { by, change: None }),
            _ if was == Some(Liveness::Drained) => (Liveness::Drained, Evidence::Registry),
            Departure::Seen if well && leaves_only_on_purpose(last) => (Liveness::Drained, Evidence::Registry),
            Departure::Seen => (Liveness::Removed, Evidence::Registry),
            Departure::FoundOnReturn => (Liveness::Removed, Evidence::FoundOnReturn),
        };
        self.change(to, at, evidence)
    }

    /// Lets time pass: what is called returned or flapping becomes up when its time is over, and late when nobody reads its
    /// beats any more (`beat_read_at` too long ago): then the registry's own verdict stands. `last` is the last description.
    pub fn elapse(&mut self, last: &Instance, at: Millis, beat_read_at: Option<Millis>) -> Option<Option<Liveness>> {
        match self.liveness() {
            Some(Liveness::Late) if beat_read_at.is_some_and(|read| at.since(read) < LATE_LOOK_MS) => None,
            Some(Liveness::Returned | Liveness::Flapping | Liveness::Late) => self.settle(described(last, None), at, Evidence::Registry),
            _ => None,
        }
    }

    /// Forgets steps before `before`.
    pub fn forget(&mut self, before: Millis) {
        while self.steps.front().is_some_and(|(at, ..)| *at < before) {
            self.steps.pop_front();
        }
    }

    /// Turns a plain "up" into "flapping" or "returned" where the past says so.
    fn settle(&mut self, described: Liveness, at: Millis, evidence: Evidence) -> Option<Option<Liveness>> {
        if described != Liveness::Up {
            return self.change(described, at, evidence);
        }
        if self.flaps(at) {
            return self.change(Liveness::Flapping, at, Evidence::TooManyTransitions);
        }
        match self.returned_at {
            Some(returned) if at.since(returned) < RETURNED_MS => self.change(Liveness::Returned, at, evidence),
            _ => {
                self.returned_at = None;
                self.change(Liveness::Up, at, evidence)
            }
        }
    }

    /// Whether it changed between well and not well too often. Passing from returned to up, or being named flapping, is no change.
    fn flaps(&self, at: Millis) -> bool {
        let recent = self.steps.iter().filter(|(when, from, to, _)| {
            let was_well = from.is_none_or(is_well);
            at.since(*when) < FLAPPING_WINDOW_MS && was_well != is_well(*to) && *to != Liveness::Drained && *from != Some(Liveness::Drained)
        });
        let this_one = usize::from(self.liveness().is_some_and(|was| !is_well(was)));
        recent.count() + this_one >= FLAPPING_TRANSITIONS
    }

    fn change(&mut self, to: Liveness, at: Millis, evidence: Evidence) -> Option<Option<Liveness>> {
        let was = self.liveness();
        if was == Some(to) {
            return None;
        }
        self.now = Some((to, at));
        if self.steps.len() == MAX_STEPS {
            self.steps.pop_front();
        }
        self.steps.push_back((at, was, to, evidence));
        Some(was)
    }
}

fn is_well(liveness: Liveness) -> bool {
    matches!(liveness, Liveness::Up | Liveness::Returned | Liveness::Flapping | Liveness::Protected | Liveness::Unknown)
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{BeatVia, Health, Heartbeat, InstanceKey, LocalInstanceId, Namespace, Scope, ServiceKey};
    use proptest::prelude::*;

    use super::*;

    fn instance(healthy: bool) -> Instance {
        let scope = Scope { registry: "r".parse().unwrap(), namespace: Namespace::new(""), group: "g".into() };
        let service = ServiceKey { scope, name: "s".into() };
        Instance {
            key: InstanceKey { service, cluster: "DEFAULT".into(), instance: LocalInstanceId("10.0.0.1:80".into()) },
            host: "10.0.0.1".into(),
            port: 80,
            weight: 1.0,
            enabled: true,
            ephemeral: Some(true),
            health: Health::Reported { healthy },
            heartbeat: Heartbeat {
                interval_ms: Some(5_000),
                unhealthy_after_ms: Some(15_000),
                removed_after_ms: Some(30_000),
                ..Heartbeat::untold(BeatVia::Http)
            },
            incarnation: None,
            metadata: std::collections::BTreeMap::new(),
        }
    }

    fn look(pulse: &mut InstancePulse, instance: &Instance, at: i64) -> Option<Liveness> {
        pulse.observe(&Observation { instance, at: Millis(at), beat_read_at: None, evidence: Evidence::Registry });
        pulse.liveness()
    }

    #[test]
    fn up_unhealthy_removed_returned_up() {
        let mut pulse = InstancePulse::default();
        assert_eq!(look(&mut pulse, &instance(true), 0), Some(Liveness::Up));
        assert_eq!(look(&mut pulse, &instance(false), 16_000), Some(Liveness::Unhealthy));
        assert_eq!(pulse.depart(&instance(false), Millis(31_000), Departure::Seen), Some(Some(Liveness::Unhealthy)));
        assert_eq!(pulse.liveness(), Some(Liveness::Removed));
        assert_eq!(look(&mut pulse, &instance(true), 40_000), Some(Liveness::Returned));
        assert_eq!(pulse.elapse(&instance(true), Millis(41_000), None), None);
        assert_eq!(pulse.elapse(&instance(true), Millis(40_000 + RETURNED_MS), None), Some(Some(Liveness::Returned)));
        assert_eq!(pulse.liveness(), Some(Liveness::Up));
    }

    #[test]
    fn a_healthy_instance_with_an_unhealthy_phase_that_is_gone_left_on_purpose() {
        let mut pulse = InstancePulse::default();
        look(&mut pulse, &instance(true), 0);
        pulse.depart(&instance(true), Millis(1), Departure::Seen);
        assert_eq!(pulse.liveness(), Some(Liveness::Drained));
    }

    #[test]
    fn one_that_has_no_unhealthy_phase_vanished() {
        let mut vanishing = instance(true);
        vanishing.heartbeat = Heartbeat::untold(BeatVia::Client);
        let mut pulse = InstancePulse::default();
        look(&mut pulse, &vanishing, 0);
        pulse.depart(&vanishing, Millis(1), Departure::Seen);
        assert_eq!(pulse.liveness(), Some(Liveness::Removed));
    }

    #[test]
    fn a_beat_is_late_only_for_one_who_looked_after_it_was_due() {
        let mut beating = instance(true);
        beating.heartbeat.last = Some(Millis(10_000));
        for (read_at, expected) in [(None, Liveness::Up), (Some(16_000), Liveness::Up), (Some(16_001), Liveness::Late)] {
            let mut pulse = InstancePulse::default();
            let at = Millis(99_000);
            pulse.observe(&Observation { instance: &beating, at, beat_read_at: read_at.map(Millis), evidence: Evidence::Registry });
            assert_eq!(pulse.liveness(), Some(expected), "{read_at:?}");
        }
    }

    #[test]
    fn late_ends_when_nobody_looks_any_more() {
        let mut beating = instance(true);
        beating.heartbeat.last = Some(Millis(10_000));
        let mut pulse = InstancePulse::default();
        let read_at = Some(Millis(20_000));
        pulse.observe(&Observation { instance: &beating, at: Millis(20_000), beat_read_at: read_at, evidence: Evidence::Registry });
        assert_eq!(pulse.elapse(&beating, Millis(20_000 + LATE_LOOK_MS - 1), read_at), None);
        assert_eq!(pulse.elapse(&beating, Millis(20_000 + LATE_LOOK_MS), read_at), Some(Some(Liveness::Late)));
        assert_eq!(pulse.liveness(), Some(Liveness::Up));
    }

    #[test]
    fn a_dead_instance_is_dead_also_under_protection() {
        let mut dead = instance(false);
        dead.health = Health::Overridden { by: pilothouse_model::Protection::ProtectThreshold, healthy: Some(false) };
        assert_eq!(look(&mut InstancePulse::default(), &dead, 0), Some(Liveness::Unhealthy));
    }

    #[test]
    fn four_changes_in_ten_minutes_are_flapping_and_it_ends_by_itself() {
        let mut pulse = InstancePulse::default();
        for round in 0..2 {
            look(&mut pulse, &instance(true), round * 20_000);
            look(&mut pulse, &instance(false), round * 20_000 + 10_000);
        }
        assert_eq!(pulse.liveness(), Some(Liveness::Unhealthy));
        assert_eq!(look(&mut pulse, &instance(true), 40_000), Some(Liveness::Flapping));
        pulse.elapse(&instance(true), Millis(40_000 + FLAPPING_WINDOW_MS), None);
        assert_eq!(pulse.liveness(), Some(Liveness::Up));
    }

    proptest! {
        #[test]
        fn steps_chain_and_never_repeat(events in proptest::collection::vec((0u8..5, 1i64..200_000), 1..80)) {
            let mut pulse = InstancePulse::default();
            let mut at = 0;
            for (event, pause) in events {
                at += pause;
                match event {
                    0 | 1 => { look(&mut pulse, &instance(event == 0), at); }
                    2 if pulse.liveness().is_some() => { pulse.depart(&instance(true), Millis(at), Departure::Seen); }
                    3 if pulse.liveness().is_some() => { pulse.depart(&instance(true), Millis(at), Departure::FoundOnReturn); }
                    _ => { pulse.elapse(&instance(true), Millis(at), None); }
                }
            }
            let steps: Vec<_> = pulse.steps().cloned().collect();
            for step in &steps {
                prop_assert_ne!(step.1, Some(step.2));
            }
            for pair in steps.windows(2) {
                prop_assert_eq!(pair[1].1, Some(pair[0].2));
                prop_assert!(pair[0].0 <= pair[1].0);
            }
            prop_assert_eq!(steps.last().map(|s| s.2), pulse.liveness());
        }
    }
}
