//! A small fleet to tell facts about: two registries, three services, four instances each.

use std::collections::BTreeMap;

use pilothouse_console::ports::{LedgerBatch, PastFleet};
use pilothouse_model::{
    Actor, BeatVia, Evidence, Fact, FactBody, Health, Heartbeat, Instance, InstanceKey, Liveness, LocalInstanceId, Millis, Namespace,
    Occurred, Readback, RegistryId, Scope, Service, ServiceKey, Transition,
};
use proptest::prelude::*;

pub(crate) fn registry(id: &str) -> RegistryId {
    id.parse().unwrap()
}

pub(crate) fn service_key(n: u8) -> ServiceKey {
    let registry = registry(if n.is_multiple_of(2) { "nacos-a" } else { "consul-b" });
    let scope = Scope { registry, namespace: Namespace::new("prod"), group: "DEFAULT_GROUP".into() };
    ServiceKey { scope, name: ["checkout-api", "Größe%_\\", "订单@@服务"][usize::from(n % 3)].into() }
}

pub(crate) fn instance_key(service: u8, n: u8) -> InstanceKey {
    InstanceKey { service: service_key(service), cluster: "DEFAULT".into(), instance: LocalInstanceId(format!("id-{n}").into()) }
}

pub(crate) fn instance(service: u8, n: u8, weight: f64, healthy: bool) -> Instance {
    Instance {
        key: instance_key(service, n),
        host: format!("10.0.0.{n}"),
        port: 8080,
        weight,
        enabled: true,
        ephemeral: Some(true),
        health: Health::Reported { healthy },
        heartbeat: Heartbeat::untold(BeatVia::Http),
        incarnation: None,
        metadata: BTreeMap::from([("zone".to_owned(), "east-1a \u{0} 🚢".to_owned())]),
    }
}

pub(crate) fn service(n: u8, protect_threshold: f64) -> Service {
    Service {
        key: service_key(n),
        ephemeral: None,
        protect_threshold: Some(protect_threshold),
        protection: None,
        metadata: BTreeMap::new(),
    }
}

pub(crate) fn seen(at: i64) -> Occurred {
    Occurred { at: None, seen: Millis(at), not_before: Millis(at - 10), not_after: Millis(at) }
}

pub(crate) fn fact(at: i64, body: FactBody) -> Fact {
    let registry = body.service().map_or_else(|| registry("nacos-a"), |key| key.scope.registry.clone());
    Fact { occurred: seen(at), registry, body }
}

pub(crate) fn applied(at: i64, instance: Instance) -> Fact {
    fact(at, FactBody::InstanceApplied { instance: Box::new(instance) })
}

pub(crate) fn facts(facts: impl IntoIterator<Item = Fact>) -> LedgerBatch {
    LedgerBatch { facts: facts.into_iter().collect(), transitions: Vec::new() }
}

pub(crate) fn transition(at: i64, service: u8, n: u8, to: Liveness) -> Transition {
    let key = instance_key(service, n);
    Transition {
        occurred: seen(at),
        registry: key.service.scope.registry.clone(),
        instance: Some(key),
        from: Some(Liveness::Up),
        to,
        evidence: Evidence::Registry,
    }
}

/// Bodies with few different subjects and contents, so that repetitions are common.
pub(crate) fn any_body() -> impl Strategy<Value = FactBody> {
    let weights = prop_oneof![Just(1.0), Just(0.1), Just(1.0 / 3.0)];
    let edit = |(service, n)| FactBody::Edited {
        actor: Actor::local(),
        instance: instance_key(service, n),
        edit: None,
        readback: Readback::Confirmed,
    };
    prop_oneof![
        8 => (0..3_u8, 0..4_u8, weights, any::<bool>())
            .prop_map(|(service, n, weight, healthy)| FactBody::InstanceApplied { instance: Box::new(instance(service, n, weight, healthy)) }),
        3 => (0..3_u8, 0..4_u8).prop_map(|(service, n)| FactBody::InstanceDeleted { instance: instance_key(service, n) }),
        2 => (0..3_u8, 0..2_u8).prop_map(|(n, threshold)| FactBody::ServiceApplied { service: service(n, f64::from(threshold)) }),
        1 => (0..3_u8).prop_map(|n| FactBody::ServiceDeleted { service: service_key(n) }),
        1 => (0..3_u8, 0..4_u8).prop_map(edit),
    ]
}

/// The fleet as a plain fold makes it, proofs aside, and the number of facts that said something new.
#[derive(Clone, Default)]
pub(crate) struct Model {
    services: BTreeMap<ServiceKey, Service>,
    instances: BTreeMap<InstanceKey, Instance>,
    last: BTreeMap<(bool, InstanceKey), FactBody>,
    pub(crate) stored: u64,
}

impl Model {
    pub(crate) fn apply(&mut self, body: &FactBody) {
        let subject = match body {
            FactBody::ServiceApplied { service } => Some((false, of_service(&service.key))),
            FactBody::ServiceDeleted { service } => Some((false, of_service(service))),
            FactBody::InstanceApplied { instance } => Some((true, instance.key.clone())),
            FactBody::InstanceDeleted { instance } => Some((true, instance.clone())),
            FactBody::Edited { .. } | FactBody::Freshness { .. } => None,
        };
        let news = subject.is_none_or(|subject| self.last.insert(subject, body.clone()).as_ref() != Some(body));
        self.stored += u64::from(news);
        match body.clone() {
            FactBody::ServiceApplied { service } => _ = self.services.insert(service.key.clone(), service),
            FactBody::ServiceDeleted { service } => _ = self.services.remove(&service),
            FactBody::InstanceApplied { instance } => _ = self.instances.insert(instance.key.clone(), *instance),
            FactBody::InstanceDeleted { instance } => _ = self.instances.remove(&instance),
            FactBody::Edited { .. } | FactBody::Freshness { .. } => {}
        }
    }

    pub(crate) fn fleet(&self) -> PastFleet {
        PastFleet {
            services: self.services.values().cloned().collect(),
            instances: self.instances.values().cloned().collect(),
            proofs: Vec::new(),
        }
    }
}

fn of_service(service: &ServiceKey) -> InstanceKey {
    InstanceKey { service: service.clone(), cluster: "".into(), instance: LocalInstanceId("".into()) }
}
