//! A fleet with two registries, and the steps that can happen to it.

use std::sync::Arc;

use parking_lot::RwLock;
use pilothouse_console::Rights;
use pilothouse_console::ports::{Clock, LedgerBatch};
use pilothouse_model::{
    BeatVia, Health, Heartbeat, Instance, InstanceKey, LocalInstanceId, Millis, Namespace, RegistryId, Scope, Service, ServiceKey,
};
use pilothouse_registry::{Entry, EntryKey, WatchEvent};
use tokio::time::Instant;

use super::silent::Silent;
use crate::fleet::{FleetState, Input, Interest, RegistryState, Shared};
use crate::journal::Journal;

pub(super) const START: Millis = Millis(1_800_000_000_000);

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Millis {
        START
    }
}

/// The fleet and its clock.
pub(super) struct Scenario {
    pub(super) shared: Arc<Shared>,
    pub(super) now: Millis,
    started: Instant,
}

pub(super) fn registry(n: u8) -> RegistryId {
    format!("r{n}").parse().unwrap()
}

pub(super) fn service(registry_number: u8, n: u8) -> ServiceKey {
    let scope = Scope { registry: registry(registry_number), namespace: Namespace::new(""), group: "g".into() };
    ServiceKey { scope, name: format!("service-{n}").into() }
}

pub(super) fn instance(service: ServiceKey, n: u8, healthy: bool) -> Instance {
    Instance {
        key: InstanceKey { service, cluster: "DEFAULT".into(), instance: LocalInstanceId(format!("10.0.0.{n}:80").into()) },
        host: format!("10.0.0.{n}"),
        port: 80,
        weight: 1.0,
        enabled: true,
        ephemeral: Some(true),
        health: Health::Reported { healthy },
        heartbeat: Heartbeat { unhealthy_after_ms: Some(15_000), ..Heartbeat::untold(BeatVia::Http) },
        incarnation: None,
        metadata: std::collections::BTreeMap::new(),
    }
}

pub(super) fn described(key: ServiceKey) -> Service {
    Service { key, ephemeral: Some(true), protect_threshold: None, protection: None, metadata: std::collections::BTreeMap::new() }
}

impl Scenario {
    pub(super) fn new() -> Self {
        let states = [0, 1].map(|n| RegistryState::new(format!("Registry {n}"), 15_000, Arc::new(Silent(registry(n)))));
        let shared = Shared {
            state: RwLock::new(FleetState::new(states)),
            journal: Journal::new("e"),
            interest: Interest::default(),
            clock: Arc::new(Stopped),
        };
        Self { shared: Arc::new(shared), now: START, started: Instant::now() }
    }

    pub(super) fn instant(&self) -> Instant {
        self.started + std::time::Duration::from_millis(u64::try_from(self.now.since(START)).unwrap())
    }

    pub(super) fn event(&mut self, n: u8, event: WatchEvent) {
        let received = self.instant();
        self.shared.state.write().apply(Input::Event { registry: registry(n), event, received }, self.now);
    }

    /// A whole list of these instances, and of the services they belong to.
    pub(super) fn list(&mut self, n: u8, instances: Vec<Instance>) {
        self.event(n, WatchEvent::Init);
        for instance in instances {
            self.event(n, WatchEvent::InitApply(Entry::Service(described(instance.key.service.clone()))));
            self.event(n, WatchEvent::InitApply(Entry::Instance(instance)));
        }
        self.event(n, WatchEvent::InitDone);
    }

    pub(super) fn apply(&mut self, n: u8, instance: Instance) {
        self.event(n, WatchEvent::Apply(Entry::Instance(instance)));
    }

    pub(super) fn delete(&mut self, n: u8, instance: &Instance) {
        self.event(n, WatchEvent::Delete(EntryKey::Instance(instance.key.clone())));
    }

    /// Lets time pass, and commits.
    pub(super) fn pass(&mut self, ms: i64) -> LedgerBatch {
        self.now = self.now + ms;
        let instant = self.instant();
        let mut state = self.shared.state.write();
        state.elapse(self.now, instant);
        for id in state.registry_ids() {
            state.send_registry(&id, &self.shared.journal, self.now);
        }
        state.commit(&self.shared.journal, &self.shared.interest, self.now)
    }

    pub(super) fn rights() -> Rights {
        Rights::local()
    }
}
