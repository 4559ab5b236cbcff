//! The merged view of all registries, as the hub holds it.

use std::sync::Arc;

use pilothouse_api::{ChangeRow, Horizon, InstanceRow, RegistryRow, ServiceAnswer, ServiceRow, Totals};
use pilothouse_model::{Fingerprint, InstanceKey, ServiceId};

use crate::Rights;

/// What is known now. Everything answers from memory, at once, and shows only what the rights allow.
pub trait Fleet: Send + Sync + 'static {
    /// Counts over everything that may be seen.
    fn totals(&self, rights: &Rights) -> Totals;

    /// Every registry, by id.
    fn registries(&self, rights: &Rights) -> Vec<RegistryRow>;

    /// Every service, by place.
    fn services(&self, rights: &Rights) -> Vec<Arc<ServiceRow>>;

    /// The first `limit` services by place, without touching the others.
    fn first_services(&self, rights: &Rights, limit: usize) -> Vec<Arc<ServiceRow>>;

    /// Services that are failing, worst and latest first, at most `limit`.
    fn failing(&self, rights: &Rights, limit: usize) -> Vec<Arc<ServiceRow>>;

    /// One service with its instances and ghosts.
    fn service(&self, rights: &Rights, id: ServiceId) -> Option<ServiceAnswer>;

    /// One instance by its id.
    fn instance(&self, rights: &Rights, id: Fingerprint) -> Option<InstanceRow>;

    /// Every instance that the registries list, with its liveness, for export and discovery.
    fn instances(&self, rights: &Rights) -> Vec<Arc<InstanceRow>>;

    /// The key behind an instance's id, ghosts included.
    fn instance_key(&self, rights: &Rights, id: Fingerprint) -> Option<InstanceKey>;

    /// The last hour.
    fn horizon(&self, rights: &Rights) -> Horizon;

    /// Latest changes, newest first, at most `limit`.
    fn changes(&self, rights: &Rights, limit: usize) -> Vec<ChangeRow>;
}
