//! What the fleet task holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use pilothouse_api::Totals;
use pilothouse_console::ports::LedgerBatch;
use pilothouse_model::{
    Actor, BeatReading, Edited, Fingerprint, Instance, InstanceKey, Liveness, LocalInstanceId, Millis, Namespace, Readback, RegistryId,
    Service, ServiceId, ServiceKey,
};
use pilothouse_registry::WatchEvent;
use tokio::time::Instant;

use super::RegistryState;
use super::changes::Changes;
use super::horizon::HorizonState;
use super::service::ServiceState;

/// What the fleet task is told.
pub(crate) enum Input {
    /// One event of a registry's watch.
    Event { registry: RegistryId, event: WatchEvent, received: Instant },
    /// A watch failed and will be tried again.
    WatchFailed { registry: RegistryId, error: String, retry_at: Millis },
    /// Last beats of a service, read at `read_at`.
    Beats { service: ServiceKey, beats: Vec<BeatReading>, read_at: Millis },
    /// A person wrote, and this was read back.
    Record {
        actor: Actor,
        instance: InstanceKey,
        /// `None`: a deregistration.
        change: Option<Edited>,
        readback: Readback,
        read: Option<Box<Instance>>,
        done: tokio::sync::oneshot::Sender<()>,
    },
}

/// Sorts services by place: registry, namespace, name, group.
pub(crate) type Place = (RegistryId, Namespace, Arc<str>, Arc<str>);

/// Where an instance is found.
pub(crate) type Location = (ServiceId, LocalKey);

/// Names an instance inside its service: cluster, then the registry's own id.
pub(crate) type LocalKey = (Arc<str>, LocalInstanceId);

/// Everything that is known now.
pub(crate) struct FleetState {
    pub(super) registries: BTreeMap<RegistryId, RegistryState>,
    pub(super) services: HashMap<ServiceId, ServiceState>,
    pub(super) places: BTreeMap<Place, ServiceId>,
    pub(super) by_name: HashMap<Arc<str>, BTreeSet<ServiceId>>,
    pub(super) locations: HashMap<Fingerprint, Location>,
    pub(super) failing: BTreeSet<(Reverse<Liveness>, Reverse<Millis>, ServiceId)>,
    pub(super) totals: Totals,
    /// The counts as last sent.
    pub(super) totals_sent: Totals,
    pub(super) horizon: HorizonState,
    pub(super) changes: Changes,
    /// Instances whose word changes by time alone: returned, flapping, late.
    pub(super) restless: HashSet<Fingerprint>,
    /// Instances that are gone, by the moment their row is dropped.
    pub(super) ghosts: BTreeSet<(Millis, Fingerprint)>,
    pub(super) dirty: Dirty,
}

/// What changed since the last commit.
#[derive(Default)]
pub(super) struct Dirty {
    pub(super) services: BTreeSet<ServiceId>,
    pub(super) registries: BTreeSet<RegistryId>,
    pub(super) ledger: LedgerBatch,
}

impl FleetState {
    /// An empty fleet over these registries.
    pub(crate) fn new(registries: impl IntoIterator<Item = RegistryState>) -> Self {
        let registries: BTreeMap<_, _> = registries.into_iter().map(|registry| (registry.id().clone(), registry)).collect();
        let totals = Totals { registries: u32::try_from(registries.len()).unwrap_or(u32::MAX), ..Totals::default() };
        Self {
            registries,
            services: HashMap::new(),
            places: BTreeMap::new(),
            by_name: HashMap::new(),
            locations: HashMap::new(),
            failing: BTreeSet::new(),
            totals,
            totals_sent: Totals::default(),
            horizon: HorizonState::default(),
            changes: Changes::default(),
            restless: HashSet::new(),
            ghosts: BTreeSet::new(),
            dirty: Dirty::default(),
        }
    }

    /// The service of this key, made if it is new.
    pub(super) fn service_mut(&mut self, key: &ServiceKey, now: Millis) -> &mut ServiceState {
        let id = key.id();
        self.dirty.services.insert(id);
        self.services.entry(id).or_insert_with(|| {
            self.places.insert(place(key), id);
            self.by_name.entry(Arc::clone(&key.name)).or_default().insert(id);
            self.totals.services += 1;
            let state = ServiceState::new(key.clone(), now);
            self.totals.by_liveness[state.row.liveness as usize] += 1;
            state
        })
    }

    /// Forgets a service that has no instance, no ghost, and is not in its registry.
    pub(super) fn forget_service(&mut self, id: ServiceId) {
        let Some(state) = self.services.remove(&id) else { return };
        self.places.remove(&place(&state.key));
        if let Some(same_name) = self.by_name.get_mut(&state.key.name) {
            same_name.remove(&id);
            if same_name.is_empty() {
                self.by_name.remove(&state.key.name);
            }
        }
        self.totals.services -= 1;
        self.totals.by_liveness[state.row.liveness as usize] -= 1;
        self.failing.remove(&(Reverse(state.row.liveness), Reverse(state.row.since), id));
        if let Some(registry) = self.registries.get_mut(&state.key.scope.registry) {
            registry.services -= 1;
            registry.protected -= u32::from(state.counted_protected);
        }
    }

    /// What the ledger stores at a checkpoint.
    pub(crate) fn past(&self) -> pilothouse_console::ports::PastFleet {
        let mut services: Vec<Service> = Vec::new();
        let mut instances: Vec<Instance> = Vec::new();
        for id in self.places.values() {
            let Some(state) = self.services.get(id) else { continue };
            services.extend(state.service.clone());
            instances.extend(state.instances.values().filter(|i| i.gone.is_none()).map(|i| super::rows::without_beat(&i.instance)));
        }
        pilothouse_console::ports::PastFleet { services, instances, proofs: self.proofs() }
    }

    /// The last proof of life of each registry that ever gave one.
    pub(crate) fn proofs(&self) -> Vec<(RegistryId, Millis)> {
        self.registries.iter().filter_map(|(id, registry)| Some((id.clone(), registry.last_proof()?))).collect()
    }
}

pub(super) fn place(key: &ServiceKey) -> Place {
    (key.scope.registry.clone(), key.scope.namespace.clone(), Arc::clone(&key.name), Arc::clone(&key.scope.group))
}

pub(super) fn local_key(key: &InstanceKey) -> LocalKey {
    (Arc::clone(&key.cluster), key.instance.clone())
}
