//! Answers from memory: the `Fleet` port.

use std::sync::Arc;

use pilothouse_api::{ChangeRow, Horizon, InstanceRow, RegistryRow, ServiceAnswer, ServiceRow, Totals};
use pilothouse_console::Rights;
use pilothouse_console::ports::Fleet;
use pilothouse_model::{Fingerprint, InstanceKey, Millis, ServiceId};

use super::rows;
use super::state::FleetState;
use super::task::Shared;

/// Services of the same name that an answer lists.
const MAX_ELSEWHERE: usize = 20;

impl FleetState {
    /// One service with its instances and ghosts.
    pub(super) fn service_answer(&self, id: ServiceId, now: Millis) -> Option<ServiceAnswer> {
        let state = self.services.get(&id)?;
        let registry = self.registries.get(&state.key.scope.registry)?;
        let elsewhere = self.by_name.get(&state.key.name).into_iter().flatten().filter(|other| **other != id);
        Some(ServiceAnswer {
            now,
            row: ServiceRow::clone(&state.row),
            service: state.service.clone(),
            freshness: registry.freshness(),
            capabilities: registry.adapter.capabilities(),
            instances: state.instances.values().map(|instance| rows::instance_row(instance, registry, now)).collect(),
            elsewhere: elsewhere
                .filter_map(|id| self.services.get(id))
                .map(|other| ServiceRow::clone(&other.row))
                .take(MAX_ELSEWHERE)
                .collect(),
        })
    }

    fn visible<'a>(&'a self, rights: &'a Rights) -> impl Iterator<Item = &'a Arc<ServiceRow>> {
        let states = self.places.values().filter_map(|id| self.services.get(id));
        states.filter(|state| state.shown && rights.may_read(&state.key.scope)).map(|state| &state.row)
    }

    fn instance_row(&self, rights: &Rights, id: Fingerprint, now: Millis) -> Option<InstanceRow> {
        let (service, local) = self.locations.get(&id)?;
        let state = self.services.get(service).filter(|state| rights.may_read(&state.key.scope))?;
        let registry = self.registries.get(&state.key.scope.registry)?;
        Some(rows::instance_row(state.instances.get(local)?, registry, now))
    }
}

impl Fleet for Shared {
    fn totals(&self, _rights: &Rights) -> Totals {
        self.state.read().totals.clone()
    }

    fn registries(&self, _rights: &Rights) -> Vec<RegistryRow> {
        self.state.read().registries.values().map(super::RegistryState::row).collect()
    }

    fn services(&self, rights: &Rights) -> Vec<Arc<ServiceRow>> {
        self.state.read().visible(rights).cloned().collect()
    }

    fn first_services(&self, rights: &Rights, limit: usize) -> Vec<Arc<ServiceRow>> {
        self.state.read().visible(rights).take(limit).cloned().collect()
    }

    fn failing(&self, rights: &Rights, limit: usize) -> Vec<Arc<ServiceRow>> {
        let state = self.state.read();
        let failing = state.failing.iter().filter_map(|(_, _, id)| state.services.get(id));
        failing.filter(|s| rights.may_read(&s.key.scope)).take(limit).map(|s| Arc::clone(&s.row)).collect()
    }

    fn service(&self, rights: &Rights, id: ServiceId) -> Option<ServiceAnswer> {
        let state = self.state.read();
        state.services.get(&id).filter(|service| rights.may_read(&service.key.scope))?;
        let mut answer = state.service_answer(id, self.clock.now())?;
        answer.elsewhere.retain(|row| state.services.get(&row.id).is_some_and(|other| rights.may_read(&other.key.scope)));
        Some(answer)
    }

    fn instance(&self, rights: &Rights, id: Fingerprint) -> Option<InstanceRow> {
        self.state.read().instance_row(rights, id, self.clock.now())
    }

    fn instances(&self, rights: &Rights) -> Vec<Arc<InstanceRow>> {
        let now: Millis = self.clock.now();
        let state = self.state.read();
        let services = state.places.values().filter_map(|id| state.services.get(id)).filter(|s| rights.may_read(&s.key.scope));
        let mut rows = Vec::new();
        for service in services {
            let Some(registry) = state.registries.get(&service.key.scope.registry) else { continue };
            let listed = service.instances.values().filter(|instance| instance.gone.is_none());
            rows.extend(listed.map(|instance| Arc::new(rows::instance_row(instance, registry, now))));
        }
        rows
    }

    fn instance_key(&self, rights: &Rights, id: Fingerprint) -> Option<InstanceKey> {
        let state = self.state.read();
        let (service, local) = state.locations.get(&id)?;
        let service = state.services.get(service).filter(|service| rights.may_read(&service.key.scope))?;
        service.instances.get(local).map(|instance| instance.instance.key.clone())
    }

    fn horizon(&self, _rights: &Rights) -> Horizon {
        self.state.read().horizon.whole()
    }

    fn changes(&self, rights: &Rights, limit: usize) -> Vec<ChangeRow> {
        let state = self.state.read();
        let may = |row: &&ChangeRow| state.services.get(&row.service).is_none_or(|service| rights.may_read(&service.key.scope));
        state.changes.latest().filter(may).take(limit).cloned().collect()
    }
}
