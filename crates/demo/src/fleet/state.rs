//! What state each part of the fleet is in, and what a step changes.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::Blueprint;

/// What has to be said to a registry. The number is the instance's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Register(usize),
    Beat(usize),
    Deregister(usize),
}

/// The smallest thing that can happen to the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A host dies or comes back, without a word to anybody.
    Host { host: usize, alive: bool },
    /// A zone is cut off from the registries, or joined again.
    Cut { zone: usize, cut: bool },
    /// Beats of a zone come this much later than they should, ms.
    Slow { zone: usize, delay_ms: u64 },
    /// An instance works on but does not beat.
    Silence { instance: usize, silent: bool },
    /// An instance asks not to be sent traffic.
    Disable { instance: usize },
    /// An instance says good-bye.
    Leave { instance: usize },
    /// An instance (re)appears, maybe in another version.
    Join { instance: usize, version: Option<String> },
}

#[derive(Clone, Debug)]
struct Zone {
    cut: bool,
    delay_ms: u64,
}

#[derive(Clone, Debug)]
struct Instance {
    version: String,
    present: bool,
    enabled: bool,
    silent: bool,
}

/// The fleet as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    pub(crate) blueprint: Blueprint,
    alive: Vec<bool>,
    zones: Vec<Zone>,
    instances: Vec<Instance>,
}

/// A registration in the words of the wire.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) namespace_id: &'static str,
    /// `group@@name`.
    pub(crate) service_name: String,
    pub(crate) ip: String,
    pub(crate) port: u16,
    pub(crate) weight: f64,
    pub(crate) enabled: bool,
    /// A JSON object.
    pub(crate) metadata: String,
}

impl Fleet {
    pub(crate) fn new(blueprint: Blueprint) -> Self {
        let instance = |instance: &super::blueprint::Instance| Instance {
            version: instance.version.clone(),
            present: true,
            enabled: true,
            silent: false,
        };
        Self {
            alive: vec![true; blueprint.hosts.len()],
            zones: vec![Zone { cut: false, delay_ms: 0 }; blueprint.zones.len()],
            instances: blueprint.instances.iter().map(instance).collect(),
            blueprint,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.instances.len()
    }

    /// Whether an instance is meant to be registered, and can reach its registry.
    pub(crate) fn reaches(&self, instance: usize) -> bool {
        let host = self.blueprint.instances[instance].host;
        let state = &self.instances[instance];
        state.present && !state.silent && self.alive[host] && !self.zones[self.blueprint.hosts[host].zone].cut
    }

    /// Whether an instance is meant to be registered.
    pub(crate) fn is_present(&self, instance: usize) -> bool {
        self.instances[instance].present
    }

    /// How much later than it should an instance beats, ms.
    pub(crate) fn delay_ms(&self, instance: usize) -> u64 {
        self.zones[self.blueprint.hosts[self.blueprint.instances[instance].host].zone].delay_ms
    }

    /// Changes the fleet; says what has to be said to a registry at once. The rest shows in the beats, or in their
    /// absence.
    pub(crate) fn apply(&mut self, step: &Step) -> Option<Job> {
        match *step {
            Step::Host { host, alive } => self.alive[host] = alive,
            Step::Cut { zone, cut } => self.zones[zone].cut = cut,
            Step::Slow { zone, delay_ms } => self.zones[zone].delay_ms = delay_ms,
            Step::Silence { instance, silent } => self.instances[instance].silent = silent,
            Step::Disable { instance } => {
                self.instances[instance].enabled = false;
                return self.reaches(instance).then_some(Job::Register(instance));
            }
            Step::Leave { instance } => {
                let reached = self.reaches(instance);
                self.instances[instance].present = false;
                return reached.then_some(Job::Deregister(instance));
            }
            Step::Join { instance, ref version } => {
                let state = &mut self.instances[instance];
                if let Some(version) = version {
                    state.version.clone_from(version);
                }
                (state.present, state.enabled, state.silent) = (true, true, false);
                return self.reaches(instance).then_some(Job::Register(instance));
            }
        }
        None
    }

    /// What an instance would register as now.
    pub(crate) fn registration(&self, instance: usize) -> Registration {
        let planned = &self.blueprint.instances[instance];
        let state = &self.instances[instance];
        let service = &self.blueprint.services[planned.service];
        let host = &self.blueprint.hosts[planned.host];
        let mut metadata = BTreeMap::from([
            ("zone", self.blueprint.zones[host.zone]),
            ("version", state.version.as_str()),
            ("env", if service.namespace.is_empty() { "live" } else { service.namespace }),
            ("rack", host.rack.as_str()),
            ("team", service.team),
        ]);
        if planned.gray {
            metadata.insert("gray", "true");
        }
        Registration {
            namespace_id: service.namespace,
            service_name: format!("{}@@{}", service.group, service.name),
            ip: host.address.clone(),
            port: planned.port,
            weight: planned.weight,
            enabled: state.enabled,
            metadata: json!(metadata).to_string(),
        }
    }

    /// `ip:port`.
    pub(crate) fn address(&self, instance: usize) -> String {
        let planned = &self.blueprint.instances[instance];
        format!("{}:{}", self.blueprint.hosts[planned.host].address, planned.port)
    }

    /// The instances of the services of this name, in every registry.
    pub(crate) fn of_service(&self, name: &str) -> Vec<usize> {
        let is_of = |instance: &super::blueprint::Instance| self.blueprint.services[instance.service].name == name;
        self.blueprint.instances.iter().enumerate().filter(|(_, instance)| is_of(instance)).map(|(at, _)| at).collect()
    }

    /// All of it, for whoever steers it.
    pub(crate) fn describe(&self) -> Value {
        let blueprint = &self.blueprint;
        let hosts = blueprint.hosts.iter().zip(&self.alive).enumerate().map(|(at, (host, alive))| {
            let instances = blueprint.instances.iter().filter(|instance| instance.host == at).count();
            json!({ "address": host.address, "zone": blueprint.zones[host.zone], "rack": host.rack, "alive": alive, "instances": instances })
        });
        let zones = blueprint.zones.iter().zip(&self.zones);
        let zones = zones.map(|(name, zone)| json!({ "name": name, "cut": zone.cut, "delayMs": zone.delay_ms }));
        let mut of_service = vec![Vec::new(); blueprint.services.len()];
        for (at, planned) in blueprint.instances.iter().enumerate() {
            let state = &self.instances[at];
            of_service[planned.service].push(json!({
                "registry": planned.registry, "address": self.address(at), "zone": blueprint.zones[blueprint.hosts[planned.host].zone],
                "version": state.version, "present": state.present, "enabled": state.enabled, "beating": self.reaches(at),
            }));
        }
        let services = blueprint.services.iter().zip(of_service).map(|(service, instances)| {
            json!({
                "name": service.name, "group": service.group, "namespace": service.namespace, "team": service.team,
                "registries": service.registries, "instances": instances,
            })
        });
        json!({ "zones": zones.collect::<Vec<_>>(), "hosts": hosts.collect::<Vec<_>>(), "services": services.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::FleetSize;

    #[test]
    fn who_reaches_the_registry() {
        let mut fleet = Fleet::new(Blueprint::draw(1, FleetSize { services: 3, instances: 12 }, 1));
        let host = fleet.blueprint.instances[0].host;
        let zone = fleet.blueprint.hosts[host].zone;
        for (step, reaches, job) in [
            (Step::Host { host, alive: false }, false, None),
            (Step::Join { instance: 0, version: None }, false, None),
            (Step::Host { host, alive: true }, true, None),
            (Step::Cut { zone, cut: true }, false, None),
            (Step::Leave { instance: 0 }, false, None),
            (Step::Cut { zone, cut: false }, false, None),
            (Step::Join { instance: 0, version: Some("9.9.9".to_owned()) }, true, Some(Job::Register(0))),
            (Step::Silence { instance: 0, silent: true }, false, None),
            (Step::Silence { instance: 0, silent: false }, true, None),
            (Step::Disable { instance: 0 }, true, Some(Job::Register(0))),
            (Step::Leave { instance: 0 }, false, Some(Job::Deregister(0))),
        ] {
            assert_eq!(fleet.apply(&step), job, "{step:?}");
            assert_eq!(fleet.reaches(0), reaches, "{step:?}");
        }
        assert!(fleet.registration(0).metadata.contains(r#""version":"9.9.9""#));
    }
}
