//! The acts of the play, as the timeline and the control interface name them, and the steps each is made of. Pure.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fleet::{Fleet, Step};

/// A draining instance is out of traffic this long before it leaves, ms.
const DRAIN_MS: u64 = 10_000;
/// Between two instances of a deploy, ms.
const DEPLOY_PACE_MS: u64 = 3_000;
/// How long a redeployed instance is away, ms.
const DEPLOY_AWAY_MS: u64 = 1_500;
/// A flapping instance is silent long enough to be called unhealthy, and back before it is removed, ms.
const FLAP_SILENT_MS: u64 = 22_000;
const FLAP_BEATING_MS: u64 = 12_000;
const FLAPS: u64 = 4;
/// The names given back to who asked for one that is not there.
const NEAREST: usize = 3;

/// Something that can be made to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Action {
    /// A host dies.
    KillHost { host: String },
    /// It comes back, and what runs on it.
    ReviveHost { host: String },
    /// A zone cannot reach the registries.
    CutZone { zone: String },
    /// A zone is neither cut nor slow.
    HealZone { zone: String },
    /// Beats of a zone come late.
    SlowZone { zone: String, delay_ms: u64 },
    /// A service is rolled to another version, an instance at a time.
    Deploy { service: String, version: String },
    /// An instance (the first, if none is named) is taken out of traffic, then leaves.
    Drain {
        service: String,
        #[serde(default)]
        instance: Option<String>,
    },
    /// An instance goes silent and comes back, a few times.
    Flap { service: String },
    /// An instance works on but does not beat any more.
    StopBeating { service: String, address: String },
    /// A service's instances that left or fell silent are there again.
    Restore { service: String },
}

/// A name that nothing in the fleet has.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize)]
#[error("no {what} is called `{name}`")]
pub(crate) struct Unknown {
    pub(crate) what: &'static str,
    pub(crate) name: String,
    /// The names most like it.
    pub(crate) nearest: Vec<String>,
}

/// A step, and when it is due after the act began, ms.
pub(crate) type Due = (u64, Step);

impl Action {
    /// The steps of this act on the fleet as it is.
    pub(crate) fn steps(&self, fleet: &Fleet) -> Result<Vec<Due>, Unknown> {
        Ok(match self {
            Self::KillHost { host } => vec![(0, Step::Host { host: host_of(fleet, host)?, alive: false })],
            Self::ReviveHost { host } => vec![(0, Step::Host { host: host_of(fleet, host)?, alive: true })],
            Self::CutZone { zone } => vec![(0, Step::Cut { zone: zone_of(fleet, zone)?, cut: true })],
            Self::HealZone { zone } => {
                let zone = zone_of(fleet, zone)?;
                vec![(0, Step::Cut { zone, cut: false }), (0, Step::Slow { zone, delay_ms: 0 })]
            }
            Self::SlowZone { zone, delay_ms } => vec![(0, Step::Slow { zone: zone_of(fleet, zone)?, delay_ms: *delay_ms })],
            Self::Deploy { service, version } => deploy(fleet, service, version)?,
            Self::Drain { service, instance } => {
                let chosen = match instance {
                    Some(address) => at_address(fleet, service, address)?,
                    None => all_at_the_address_of(fleet, first_present(fleet, service)?),
                };
                chosen.into_iter().flat_map(|instance| [(0, Step::Disable { instance }), (DRAIN_MS, Step::Leave { instance })]).collect()
            }
            Self::Flap { service } => flap(first_present(fleet, service)?),
            Self::StopBeating { service, address } => {
                let silenced = at_address(fleet, service, address)?;
                silenced.into_iter().map(|instance| (0, Step::Silence { instance, silent: true })).collect()
            }
            Self::Restore { service } => {
                let away = instances_of(fleet, service)?.into_iter().filter(|instance| !fleet.reaches(*instance));
                away.map(|instance| (0, Step::Join { instance, version: None })).collect()
            }
        })
    }
}

fn deploy(fleet: &Fleet, service: &str, version: &str) -> Result<Vec<Due>, Unknown> {
    let mut steps = Vec::new();
    let mut at = 0;
    for instance in instances_of(fleet, service)? {
        if fleet.is_present(instance) {
            steps.push((at, Step::Leave { instance }));
            steps.push((at + DEPLOY_AWAY_MS, Step::Join { instance, version: Some(version.to_owned()) }));
            at += DEPLOY_PACE_MS;
        }
    }
    Ok(steps)
}

fn flap(instance: usize) -> Vec<Due> {
    let period = FLAP_SILENT_MS + FLAP_BEATING_MS;
    let once = |nth: u64| {
        let silent = (nth * period, Step::Silence { instance, silent: true });
        [silent, (nth * period + FLAP_SILENT_MS, Step::Silence { instance, silent: false })]
    };
    (0..FLAPS).flat_map(once).collect()
}

fn host_of(fleet: &Fleet, name: &str) -> Result<usize, Unknown> {
    let hosts = || fleet.blueprint.hosts.iter().map(|host| host.address.clone());
    hosts().position(|host| host == name).ok_or_else(|| unknown("host", name, hosts()))
}

fn zone_of(fleet: &Fleet, name: &str) -> Result<usize, Unknown> {
    let zones = || fleet.blueprint.zones.iter().map(|zone| (*zone).to_owned());
    zones().position(|zone| zone == name).ok_or_else(|| unknown("zone", name, zones()))
}

fn instances_of(fleet: &Fleet, service: &str) -> Result<Vec<usize>, Unknown> {
    let instances = fleet.of_service(service);
    if instances.is_empty() {
        return Err(unknown("service", service, fleet.blueprint.services.iter().map(|service| service.name.clone())));
    }
    Ok(instances)
}

fn first_present(fleet: &Fleet, service: &str) -> Result<usize, Unknown> {
    let instances = instances_of(fleet, service)?;
    // When nobody is there, whoever would be first.
    Ok(instances.iter().copied().find(|instance| fleet.reaches(*instance)).unwrap_or(instances[0]))
}

/// The instance, and the same one in other registries.
fn all_at_the_address_of(fleet: &Fleet, instance: usize) -> Vec<usize> {
    let service = &fleet.blueprint.services[fleet.blueprint.instances[instance].service].name;
    let address = fleet.address(instance);
    fleet.of_service(service).into_iter().filter(|one| fleet.address(*one) == address).collect()
}

fn at_address(fleet: &Fleet, service: &str, address: &str) -> Result<Vec<usize>, Unknown> {
    let instances = instances_of(fleet, service)?;
    let at: Vec<usize> = instances.iter().copied().filter(|instance| fleet.address(*instance) == address).collect();
    if at.is_empty() {
        return Err(unknown("instance", address, instances.into_iter().map(|instance| fleet.address(instance))));
    }
    Ok(at)
}

fn unknown(what: &'static str, name: &str, known: impl Iterator<Item = String>) -> Unknown {
    let mut known: Vec<(usize, String)> = known.map(|known| (strsim::damerau_levenshtein(name, &known), known)).collect();
    known.sort();
    known.dedup();
    Unknown { what, name: name.to_owned(), nearest: known.into_iter().take(NEAREST).map(|(_, name)| name).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Blueprint;
    use crate::settings::FleetSize;

    fn fleet() -> Fleet {
        Fleet::new(Blueprint::draw(7, FleetSize::default(), 2))
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let fleet = fleet();
        let unknown = Action::Flap { service: "chekout-api".to_owned() }.steps(&fleet).unwrap_err();
        assert_eq!((unknown.what, unknown.nearest[0].as_str()), ("service", "checkout-api"));
        let unknown = Action::CutZone { zone: "east-1d".to_owned() }.steps(&fleet).unwrap_err();
        assert_eq!(unknown.nearest.len(), 3);
        let address = Action::StopBeating { service: "cart-svc".to_owned(), address: "10.2.1.1:1".to_owned() };
        assert_eq!(address.steps(&fleet).unwrap_err().what, "instance");
    }

    #[test]
    fn a_deploy_takes_one_instance_after_the_other() {
        let fleet = fleet();
        let steps = Action::Deploy { service: "order-api".to_owned(), version: "9.0.0".to_owned() }.steps(&fleet).unwrap();
        let instances = fleet.of_service("order-api");
        assert_eq!(steps.len(), 2 * instances.len());
        for (nth, pair) in steps.chunks(2).enumerate() {
            let instance = instances[nth];
            assert_eq!(pair[0].1, Step::Leave { instance });
            assert_eq!(pair[1].1, Step::Join { instance, version: Some("9.0.0".to_owned()) });
            assert!(pair[0].0 < pair[1].0 && pair[1].0 <= steps.get(2 * nth + 2).map_or(u64::MAX, |next| next.0), "never two away");
        }
    }

    #[test]
    fn a_drain_reaches_an_instance_in_every_registry_it_is_in() {
        let fleet = fleet();
        let steps = Action::Drain { service: "cart-svc".to_owned(), instance: None }.steps(&fleet).unwrap();
        assert_eq!(steps.len(), 4, "out of traffic, then gone, in both: {steps:?}");
    }

    #[test]
    fn acts_are_read_strictly() {
        let read = |text: &str| serde_json::from_str::<Action>(text);
        assert_eq!(
            read(r#"{"act":"slow-zone","zone":"east-1a","delayMs":500}"#).unwrap(),
            Action::SlowZone { zone: "east-1a".to_owned(), delay_ms: 500 }
        );
        assert!(read(r#"{"act":"slow-zone","zone":"east-1a"}"#).is_err());
        assert!(read(r#"{"act":"cut-zone","zone":"east-1a","hard":true}"#).is_err());
    }
}
