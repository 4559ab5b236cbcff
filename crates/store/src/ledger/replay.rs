//! The fleet as facts make it: a checkpoint and what became known since, folded in the order of knowing.

use std::collections::BTreeMap;

use pilothouse_console::ports::PastFleet;
use pilothouse_model::{FactBody, Instance, InstanceKey, Service, ServiceKey};

/// A fleet in the making.
#[derive(Default)]
pub(super) struct Replay {
    services: BTreeMap<ServiceKey, Service>,
    instances: BTreeMap<InstanceKey, Instance>,
    unreadable: u64,
}

impl Replay {
    /// Goes on by one fact as it is stored. One that cannot be read is left out: it must not take the whole past with it.
    pub(super) fn tell(&mut self, fact: &str) {
        match serde_json::from_str(fact) {
            Ok(fact) => self.apply(fact),
            Err(_) => self.unreadable += 1,
        }
    }

    /// Services and instances are told apart: a service that goes takes no instance with it.
    fn apply(&mut self, fact: FactBody) {
        match fact {
            FactBody::ServiceApplied { service } => _ = self.services.insert(service.key.clone(), service),
            FactBody::ServiceDeleted { service } => _ = self.services.remove(&service),
            FactBody::InstanceApplied { instance } => _ = self.instances.insert(instance.key.clone(), *instance),
            FactBody::InstanceDeleted { instance } => _ = self.instances.remove(&instance),
            // What a source proved is kept as spans; what a person did shows in the facts that followed.
            FactBody::Freshness { .. } | FactBody::Edited { .. } => {}
        }
    }

    /// The fleet, without proofs.
    pub(super) fn finish(self) -> PastFleet {
        if self.unreadable > 0 {
            tracing::warn!(facts = self.unreadable, "stored facts that cannot be read are left out of the past");
        }
        PastFleet { services: self.services.into_values().collect(), instances: self.instances.into_values().collect(), proofs: Vec::new() }
    }
}
