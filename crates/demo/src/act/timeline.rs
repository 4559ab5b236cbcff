//! The play that makes a console worth looking at: dense in its first two minutes, then gentle, for ever.
//!
//! Pure: an endless list of acts and their times, drawn from the seed.

use std::collections::VecDeque;

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Action;
use crate::fleet::Blueprint;

/// The first round is over after this long, ms.
const FIRST_ROUND_MS: u64 = 180_000;
/// Every other round takes this long, ms.
const ROUND_MS: u64 = 300_000;
/// A slow zone beats this much late: late enough to be seen, not to be called unhealthy, ms.
const SLOW_MS: u64 = 6_500;

/// What happens, by the clock of the play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    /// An act.
    Act(Action),
    /// Somebody changes a config.
    Publish,
}

/// Cues in the order of their times, without end.
#[derive(Debug)]
pub(crate) struct Timeline {
    random: ChaCha8Rng,
    hosts: Vec<String>,
    zones: Vec<String>,
    services: Vec<(String, Vec<String>)>,
    planned: VecDeque<(u64, Cue)>,
    rounds: u64,
}

impl Timeline {
    pub(crate) fn new(seed: u64, blueprint: &Blueprint) -> Self {
        let addresses = |service: usize| {
            let of = blueprint.instances.iter().filter(|instance| instance.service == service);
            of.map(|instance| format!("{}:{}", blueprint.hosts[instance.host].address, instance.port)).collect()
        };
        let services = blueprint.services.iter().enumerate().map(|(at, service)| (service.name.clone(), addresses(at)));
        Self {
            random: ChaCha8Rng::seed_from_u64(seed ^ 0x7ee1_f1ee_7000_0001),
            hosts: blueprint.hosts.iter().map(|host| host.address.clone()).collect(),
            zones: blueprint.zones.iter().map(|zone| (*zone).to_owned()).collect(),
            services: services.collect(),
            planned: VecDeque::new(),
            rounds: 0,
        }
    }

    fn plan_round(&mut self) {
        let start = if self.rounds == 0 { 0 } else { FIRST_ROUND_MS + (self.rounds - 1) * ROUND_MS };
        let first = self.rounds == 0;
        // The later rounds play the same kinds of acts, further apart and on others.
        let stretch = |ms: u64| start + if first { ms } else { ms * ROUND_MS / FIRST_ROUND_MS };
        let host = self.one(|timeline| &timeline.hosts);
        let zone = self.one(|timeline| &timeline.zones);
        let (flapping, drained, deployed, silent) = (self.service(), self.service(), self.service(), self.service());
        let address = silent.1.choose(&mut self.random).cloned().unwrap_or_default();
        let version = format!("{}.{}.0", self.random.random_range(2..6), self.random.random_range(0..20));
        let act = |ms: u64, action: Action| (stretch(ms), Cue::Act(action));
        let mut cues = vec![
            act(6_000, Action::SlowZone { zone: zone.clone(), delay_ms: SLOW_MS }),
            act(14_000, Action::KillHost { host: host.clone() }),
            act(20_000, Action::Flap { service: flapping.0 }),
            act(26_000, Action::Deploy { service: deployed.0, version }),
            (stretch(34_000), Cue::Publish),
            act(40_000, Action::Drain { service: drained.0.clone(), instance: None }),
            act(46_000, Action::HealZone { zone }),
            act(58_000, Action::StopBeating { service: silent.0.clone(), address }),
            act(80_000, Action::ReviveHost { host }),
            (stretch(100_000), Cue::Publish),
            act(115_000, Action::Restore { service: drained.0 }),
            act(140_000, Action::Restore { service: silent.0 }),
        ];
        cues.sort_by_key(|(at, _)| *at);
        self.planned.extend(cues);
        self.rounds += 1;
    }

    fn one(&mut self, of: impl Fn(&Self) -> &Vec<String>) -> String {
        let at = self.random.random_range(0..of(self).len().max(1));
        of(self).get(at).cloned().unwrap_or_default()
    }

    fn service(&mut self) -> (String, Vec<String>) {
        // One with several instances, so that the service survives what happens to one of them.
        let large: Vec<_> = self.services.iter().filter(|(_, addresses)| addresses.len() > 2).collect();
        let chosen = large.choose(&mut self.random).map(|service| (*service).clone());
        chosen.or_else(|| self.services.first().cloned()).unwrap_or_default()
    }
}

impl Iterator for Timeline {
    /// When, in ms since the play began, and what.
    type Item = (u64, Cue);

    fn next(&mut self) -> Option<(u64, Cue)> {
        if self.planned.is_empty() {
            self.plan_round();
        }
        self.planned.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Fleet;
    use crate::settings::FleetSize;

    fn blueprint() -> Blueprint {
        Blueprint::draw(7, FleetSize::default(), 2)
    }

    #[test]
    fn the_first_two_minutes_show_everything() {
        let cues: Vec<_> = Timeline::new(7, &blueprint()).take_while(|(at, _)| *at <= 120_000).collect();
        let shows = |wanted: fn(&Action) -> bool| cues.iter().any(|(_, cue)| matches!(cue, Cue::Act(action) if wanted(action)));
        assert!(shows(|act| matches!(act, Action::SlowZone { .. })), "late");
        assert!(shows(|act| matches!(act, Action::KillHost { .. })), "unhealthy and removed");
        assert!(shows(|act| matches!(act, Action::ReviveHost { .. })), "returned");
        assert!(shows(|act| matches!(act, Action::Drain { .. })), "drained");
        assert!(shows(|act| matches!(act, Action::Flap { .. })), "flapping");
        assert!(shows(|act| matches!(act, Action::Deploy { .. })), "deployed");
        assert!(cues.contains(&(100_000, Cue::Publish)));
    }

    #[test]
    fn it_goes_on_in_order_and_undoes_what_it_does() {
        let fleet = Fleet::new(blueprint());
        let cues: Vec<_> = Timeline::new(3, &fleet.blueprint).take(12 * 20).collect();
        assert!(cues.is_sorted_by_key(|(at, _)| *at));
        let (mut dead, mut slow) = (Vec::new(), Vec::new());
        for (_, cue) in &cues {
            let Cue::Act(action) = cue else { continue };
            assert!(action.steps(&fleet).is_ok(), "{action:?}");
            match action {
                Action::KillHost { host } => dead.push(host),
                Action::ReviveHost { host } => dead.retain(|one| one != &host),
                Action::SlowZone { zone, .. } => slow.push(zone),
                Action::HealZone { zone } => slow.retain(|one| one != &zone),
                _ => {}
            }
            assert!(dead.len() < 2 && slow.len() < 2, "one at a time");
        }
        assert_eq!(cues, Timeline::new(3, &fleet.blueprint).take(12 * 20).collect::<Vec<_>>());
    }

    #[test]
    fn a_fleet_of_one_has_a_timeline_too() {
        let blueprint = Blueprint::draw(1, FleetSize { services: 1, instances: 1 }, 1);
        assert_eq!(Timeline::new(1, &blueprint).take(30).count(), 30);
    }
}
