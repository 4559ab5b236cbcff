//! One service and its instances as the fleet holds them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use pilothouse_api::{ServiceRow, Step};
use pilothouse_model::{Instance, Liveness, Millis, Service, ServiceKey};
use pilothouse_pulse::InstancePulse;

use super::state::LocalKey;

/// Steps of a service's own liveness that are kept.
const MAX_STEPS: usize = 48;

/// State of one service.
pub(crate) struct ServiceState {
    pub(super) key: ServiceKey,
    /// As its registry describes it; `None` when only ghosts are left or its instances came first.
    pub(super) service: Option<Service>,
    pub(super) instances: BTreeMap<LocalKey, InstanceState>,
    /// As last sent.
    pub(super) row: Arc<ServiceRow>,
    pub(super) steps: VecDeque<Step>,
    /// Whether its registry's count of protected services holds it.
    pub(super) counted_protected: bool,
    /// Whether it was ever in a row that was sent.
    pub(super) shown: bool,
}

/// State of one instance.
pub(crate) struct InstanceState {
    pub(super) instance: Instance,
    pub(super) pulse: InstancePulse,
    /// When its last beat was read.
    pub(super) beat_read_at: Option<Millis>,
    /// Set on a ghost.
    pub(super) gone: Option<Millis>,
}

impl ServiceState {
    pub(super) fn new(key: ServiceKey, now: Millis) -> Self {
        let row = Arc::new(ServiceRow {
            id: key.id(),
            registry: key.scope.registry.clone(),
            namespace: key.scope.namespace.clone(),
            group: Arc::clone(&key.scope.group),
            name: Arc::clone(&key.name),
            liveness: Liveness::Up,
            since: now,
            healthy: None,
            total: 0,
            versions: Vec::new(),
            zones: Vec::new(),
            via: None,
            interval_ms: None,
            history: Vec::new(),
        });
        Self { key, service: None, instances: BTreeMap::new(), row, steps: VecDeque::new(), counted_protected: false, shown: false }
    }

    pub(super) fn push_step(&mut self, step: Step) {
        if self.steps.len() == MAX_STEPS {
            self.steps.pop_front();
        }
        self.steps.push_back(step);
    }

    /// Whether nothing of it is left.
    pub(super) fn is_over(&self) -> bool {
        self.service.is_none() && self.instances.is_empty()
    }
}
