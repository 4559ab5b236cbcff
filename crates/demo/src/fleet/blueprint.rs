//! The fleet as it is meant to be: zones, hosts, services, and who runs where.

use std::collections::HashMap;

use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::catalogue::{IN_ALL, KINDS};
use crate::settings::FleetSize;

/// The namespaces services are spread over; the empty name is the public one.
pub(crate) const NAMESPACES: [&str; 2] = ["", "prod"];
const ZONES: [&str; 3] = ["east-1a", "east-1b", "east-1c"];
/// Instances that share a host, about.
const PER_HOST: usize = 8;
/// A service in more registries than one, in its last registry: still the version before.
const OLD_VERSION: &str = "1.9.4";

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    pub(crate) address: String,
    pub(crate) zone: usize,
    pub(crate) rack: String,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) group: &'static str,
    pub(crate) namespace: &'static str,
    pub(crate) team: &'static str,
    /// The registries it is in.
    pub(crate) registries: Vec<usize>,
}

/// One registration of an instance in one registry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instance {
    pub(crate) service: usize,
    pub(crate) registry: usize,
    pub(crate) host: usize,
    pub(crate) port: u16,
    pub(crate) weight: f64,
    pub(crate) version: String,
    pub(crate) gray: bool,
}

/// Everything that is drawn from the seed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blueprint {
    pub(crate) zones: Vec<&'static str>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) services: Vec<Service>,
    pub(crate) instances: Vec<Instance>,
}

impl Blueprint {
    /// Draws a fleet of `size` over so many registries.
    pub(crate) fn draw(seed: u64, size: FleetSize, registries: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let services = services(size.services.max(1), registries.max(1));
        let counts = counts(&services, size.instances);
        let hosts = hosts(size.instances.div_ceil(PER_HOST).max(ZONES.len()));
        let mut instances = Vec::with_capacity(size.instances);
        // How many of a service run on a host already: each takes the next port.
        let mut on_host: HashMap<(usize, usize), u16> = HashMap::new();
        for (at, (service, count)) in services.iter().zip(&counts).enumerate() {
            let version = format!("{}.{}.{}", random.random_range(1..4), random.random_range(0..12), random.random_range(0..6));
            let distinct = count.div_ceil(service.registries.len());
            let first_host: usize = random.random_range(0..hosts.len());
            let base_port = 8_000 + u16::try_from(at * 4 % 40_000).unwrap_or(0);
            let places: Vec<_> = (0..distinct)
                .map(|nth| {
                    // Hosts are laid out zone by zone in turn, so neighbours are in different zones.
                    let host = (first_host + nth) % hosts.len();
                    let port = on_host.entry((at, host)).or_insert(0);
                    *port += 1;
                    let weight = if random.random_bool(0.1) { 0.5 } else { 1.0 };
                    (host, base_port + *port - 1, weight, random.random_bool(0.04))
                })
                .collect();
            let registrations = service.registries.iter().flat_map(|registry| places.iter().map(move |place| (*registry, *place)));
            let disagrees = at + 1 == IN_ALL && service.registries.len() > 1;
            for (registry, (host, port, weight, gray)) in registrations.take(*count) {
                let is_last = disagrees && Some(&registry) == service.registries.last();
                instances.push(Instance {
                    service: at,
                    registry,
                    // One registry has it elsewhere and older: somebody should notice.
                    host: if is_last && port == base_port { (host + 1) % hosts.len() } else { host },
                    port: if is_last { port + 2 } else { port },
                    weight,
                    version: if is_last { OLD_VERSION.to_owned() } else { version.clone() },
                    gray,
                });
            }
        }
        Self { zones: ZONES.to_vec(), hosts, services, instances }
    }
}

fn services(count: usize, registries: usize) -> Vec<Service> {
    (0..count)
        .map(|at| {
            let kind = &KINDS[at % KINDS.len()];
            let round = at / KINDS.len();
            Service {
                name: if round == 0 { kind.name.to_owned() } else { format!("{}-{}", kind.name, round + 1) },
                group: kind.group,
                namespace: NAMESPACES[usize::from(at >= IN_ALL && at % 4 == 3)],
                team: kind.team,
                registries: if at < IN_ALL { (0..registries).collect() } else { vec![usize::from(at % 3 == 2) % registries] },
            }
        })
        .collect()
}

/// How many registrations each service has: by its share, at least one per registry it is in, `total` together.
fn counts(services: &[Service], total: usize) -> Vec<usize> {
    let least = |service: &Service| service.registries.len();
    let shares: usize = (0..services.len()).map(|at| KINDS[at % KINDS.len()].share).sum();
    let spare = total.saturating_sub(services.iter().map(least).sum());
    let share = |(at, service): (usize, &Service)| least(service) + spare * KINDS[at % KINDS.len()].share / shares;
    let mut counts: Vec<usize> = services.iter().enumerate().map(share).collect();
    let given: usize = counts.iter().sum();
    let services = counts.len();
    for nth in 0..total.saturating_sub(given) {
        counts[nth % services] += 1;
    }
    counts
}

fn hosts(count: usize) -> Vec<Host> {
    (0..count)
        .map(|at| {
            let (zone, nth) = (at % ZONES.len(), at / ZONES.len());
            // 200 hosts in each of the zone's networks 10.2.z.0, 10.2.(z + 3).0, …
            let address = format!("10.{}.{}.{}", 2 + nth / 200 / 80, 1 + zone + ZONES.len() * (nth / 200 % 80), 11 + nth % 200);
            Host { address, zone, rack: format!("{}{:02}", ["a", "b", "c"][zone], 1 + nth / 4 % 20) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_usual_fleet() {
        let fleet = Blueprint::draw(7, FleetSize::default(), 2);
        assert_eq!((fleet.services.len(), fleet.instances.len(), fleet.zones.len()), (40, 300, 3));
        let names: BTreeSet<_> = fleet.services.iter().map(|service| &service.name).collect();
        assert_eq!(names.len(), 40, "every name once");
        let namespaces: BTreeSet<_> = fleet.services.iter().map(|service| service.namespace).collect();
        assert_eq!(namespaces, BTreeSet::from(NAMESPACES));
        let both = fleet.services.iter().filter(|service| service.registries.len() == 2).count();
        assert_eq!(both, IN_ALL);
        for registry in 0..2 {
            assert!(fleet.instances.iter().filter(|instance| instance.registry == registry).count() > 60);
        }
        for zone in 0..3 {
            assert!(fleet.instances.iter().filter(|instance| fleet.hosts[instance.host].zone == zone).count() > 60);
        }
    }

    #[test]
    fn services_in_both_agree_but_for_one() {
        let fleet = Blueprint::draw(7, FleetSize::default(), 2);
        for (at, service) in fleet.services.iter().enumerate().filter(|(_, service)| service.registries.len() == 2) {
            let of = |registry: usize| -> BTreeSet<_> {
                let instances = fleet.instances.iter().filter(|instance| instance.service == at && instance.registry == registry);
                instances.map(|instance| (instance.host, instance.port, instance.version.as_str())).collect()
            };
            let same = of(1).is_subset(&of(0));
            assert_eq!(same, service.name != "pricing-engine", "{}", service.name);
        }
    }

    proptest! {
        #[test]
        fn every_registration_has_an_address_of_its_own(seed: u64, services in 1_usize..90, instances in 1_usize..2_000, registries in 1_usize..4) {
            let size = FleetSize { services, instances };
            let fleet = Blueprint::draw(seed, size, registries);
            prop_assert_eq!(&fleet, &Blueprint::draw(seed, size, registries));
            prop_assert!(fleet.instances.len() >= services);
            let mut per_service: BTreeMap<usize, usize> = BTreeMap::new();
            let mut seen = BTreeSet::new();
            for instance in &fleet.instances {
                *per_service.entry(instance.service).or_default() += 1;
                prop_assert!(instance.registry < registries);
                prop_assert!(seen.insert((instance.registry, instance.service, instance.host, instance.port)), "twice: {instance:?}");
            }
            prop_assert_eq!(per_service.len(), services);
            let addresses: BTreeSet<_> = fleet.hosts.iter().map(|host| &host.address).collect();
            prop_assert_eq!(addresses.len(), fleet.hosts.len());
        }
    }
}
