//! Turns what changed into frames of the journal, in one step with the state they describe.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use pilothouse_api::{Body, Frame, HISTORY_MS, LedgerRow, MAX_SERVICES_IN_BROWSER, ServiceRow, Step, Topic};
use pilothouse_console::Rights;
use pilothouse_console::ports::LedgerBatch;
use pilothouse_model::{Instance, Millis, RegistryId, Scope, ServiceId, ServiceKey, Transition};
use tokio::sync::watch;

use super::rows;
use super::state::FleetState;
use crate::journal::Journal;

/// Which services a stream follows right now, with how many.
#[derive(Default)]
pub(crate) struct Interest {
    services: Mutex<HashMap<ServiceId, usize>>,
    grown: watch::Sender<()>,
}

impl Interest {
    pub(crate) fn add(&self, id: ServiceId) {
        let count = {
            let mut services = self.services.lock();
            let count = services.entry(id).or_default();
            *count += 1;
            *count
        };
        if count == 1 {
            self.grown.send_replace(());
        }
    }

    /// Changes whenever a service comes on screen that was not.
    pub(crate) fn grown(&self) -> watch::Receiver<()> {
        self.grown.subscribe()
    }

    pub(crate) fn remove(&self, id: ServiceId) {
        let mut services = self.services.lock();
        if let Some(count) = services.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                services.remove(&id);
            }
        }
    }

    pub(crate) fn all(&self) -> Vec<ServiceId> {
        self.services.lock().keys().copied().collect()
    }

    fn has(&self, id: ServiceId) -> bool {
        self.services.lock().contains_key(&id)
    }
}

impl FleetState {
    /// Recomputes the rows of everything dirty, appends frames, and hands out what the ledger is to keep.
    pub(crate) fn commit(&mut self, journal: &Journal, interest: &Interest, now: Millis) -> LedgerBatch {
        let frame = |topic, body| Frame { topic, now, body };
        let mut by_scope: BTreeMap<Scope, (Vec<ServiceRow>, Vec<ServiceId>)> = BTreeMap::new();
        let dirty = std::mem::take(&mut self.dirty.services);
        let many = self.services.len() > MAX_SERVICES_IN_BROWSER;
        for id in &dirty {
            let Some(key) = self.services.get(id).map(|state| state.key.clone()) else { continue };
            match self.refresh(*id, now) {
                Refreshed::Same => {}
                Refreshed::Changed(row) => by_scope.entry(key.scope).or_default().0.push(ServiceRow::clone(&row)),
                Refreshed::Over => by_scope.entry(key.scope).or_default().1.push(*id),
            }
        }
        for (scope, (upsert, remove)) in by_scope {
            if !many {
                journal.append(&frame(Topic::Services, Body::Services { upsert, remove }), Some(scope));
            }
        }
        // A service's own topic carries more than its row (metadata, beats, evidence): dirty is enough.
        for id in dirty.iter().filter(|id| interest.has(**id)) {
            let answer = self.service_answer(*id, now).map(Box::new);
            let scope = answer.as_ref().map(|answer| Scope {
                registry: answer.row.registry.clone(),
                namespace: answer.row.namespace.clone(),
                group: Arc::clone(&answer.row.group),
            });
            journal.append(&frame(Topic::Service(*id), Body::Service { answer }), scope);
        }
        for id in std::mem::take(&mut self.dirty.registries) {
            self.send_registry(&id, journal, now);
        }
        let ledger = std::mem::take(&mut self.dirty.ledger);
        let mut rows: BTreeMap<Option<Scope>, Vec<LedgerRow>> = BTreeMap::new();
        for (number, transition) in (1..).zip(&ledger.transitions) {
            let scope = transition.instance.as_ref().map(|key| key.service.scope.clone());
            rows.entry(scope).or_default().push(self.ledger_row(transition, -number));
        }
        for (scope, rows) in rows {
            journal.append(&frame(Topic::Ledger, Body::Ledger { rows }), scope);
        }
        if let Some(horizon) = self.horizon.take_touched() {
            journal.append(&frame(Topic::Horizon, Body::Horizon { horizon }), None);
        }
        if self.totals_sent != self.totals {
            self.totals_sent = self.totals.clone();
            journal.append(&frame(Topic::Totals, Body::Totals { totals: self.totals.clone() }), None);
        }
        journal.wake();
        ledger
    }

    /// Sends a registry's row if anything in it changed since it was last sent; `hour` holds the current minute alone.
    pub(crate) fn send_registry(&mut self, id: &RegistryId, journal: &Journal, now: Millis) {
        let Some(state) = self.registries.get_mut(id) else { return };
        let mut row = state.row();
        state.requests(now, row.source.requests_per_minute);
        row.hour = row.hour.split_off(row.hour.len().saturating_sub(1));
        if state.sent.as_ref() != Some(&row) {
            state.sent = Some(row.clone());
            let body = Body::Registries { upsert: vec![row] };
            journal.append(&Frame { topic: Topic::Registries, now, body }, None);
        }
    }

    /// Ids of all registries.
    pub(crate) fn registry_ids(&self) -> BTreeSet<RegistryId> {
        self.registries.keys().cloned().collect()
    }

    fn refresh(&mut self, id: ServiceId, now: Millis) -> Refreshed {
        let Some(state) = self.services.get_mut(&id) else { return Refreshed::Same };
        if state.is_over() {
            self.forget_service(id);
            return Refreshed::Over;
        }
        let Some(registry) = self.registries.get(&state.key.scope.registry) else { return Refreshed::Same };
        let mut row = rows::service_row(state, registry);
        if row.liveness != state.row.liveness {
            if state.shown {
                let (was, since) = (state.row.liveness, state.row.since);
                if state.steps.is_empty() && now.since(since) <= HISTORY_MS {
                    // It was first seen within the hour: of the time before nothing is claimed.
                    state.push_step(Step { at: since, from: None, to: was });
                }
                state.push_step(Step { at: now, from: Some(was), to: row.liveness });
            }
            row.since = now;
        }
        while state.steps.front().is_some_and(|step| now.since(step.at) > HISTORY_MS) {
            state.steps.pop_front();
        }
        row.history = state.steps.iter().copied().collect();
        if state.shown && row == *state.row {
            return Refreshed::Same;
        }
        state.shown = true;
        let was = std::mem::replace(&mut state.row, Arc::new(row));
        let row = Arc::clone(&state.row);
        self.totals.by_liveness[was.liveness as usize] -= 1;
        self.totals.by_liveness[row.liveness as usize] += 1;
        self.failing.remove(&(Reverse(was.liveness), Reverse(was.since), id));
        if row.liveness.is_failing() {
            self.failing.insert((Reverse(row.liveness), Reverse(row.since), id));
        }
        Refreshed::Changed(row)
    }

    /// A transition as the Ledger page shows it. Live rows carry negative numbers: the ledger numbers them when it writes them.
    fn ledger_row(&self, transition: &Transition, id: i64) -> LedgerRow {
        let instance = transition.instance.as_ref();
        let described = instance.and_then(|key| {
            let state = self.services.get(&key.service.id())?;
            state.instances.get(&super::state::local_key(key)).map(|state| &state.instance)
        });
        LedgerRow {
            id,
            occurred: transition.occurred,
            registry: transition.registry.clone(),
            service: instance.map(|key| key.service.id()),
            namespace: instance.map_or_else(String::new, |key| key.service.scope.namespace.to_string()),
            name: instance.map_or_else(String::new, |key| key.service.name.to_string()),
            address: described.map_or_else(|| instance.map_or_else(String::new, |key| key.instance.to_string()), Instance::address),
            host: described.map_or_else(String::new, |i| i.host.clone()),
            from: transition.from,
            to: transition.to,
            evidence: transition.evidence.clone(),
        }
    }

    /// Frames that make up the whole of a topic now, as seen with these rights.
    pub(crate) fn snapshot(&self, topic: Topic, rights: &Rights, now: Millis) -> Frame {
        let body = match topic {
            Topic::Totals => Body::Totals { totals: self.totals.clone() },
            Topic::Registries => Body::Registries { upsert: self.registries.values().map(super::RegistryState::row).collect() },
            Topic::Services if self.services.len() > MAX_SERVICES_IN_BROWSER => {
                Body::TooMany { total: u32::try_from(self.services.len()).unwrap_or(u32::MAX) }
            }
            Topic::Services => {
                let rows = self.places.values().filter_map(|id| self.services.get(id));
                let may = rows.filter(|state| state.shown && rights.may_read(&state.key.scope));
                Body::Services { upsert: may.map(|state| ServiceRow::clone(&state.row)).collect(), remove: Vec::new() }
            }
            Topic::Service(id) => {
                let may = self.services.get(&id).is_some_and(|state| rights.may_read(&state.key.scope));
                Body::Service { answer: may.then(|| self.service_answer(id, now)).flatten().map(Box::new) }
            }
            Topic::Ledger => Body::Ledger { rows: Vec::new() },
            Topic::Horizon => Body::Horizon { horizon: self.horizon.whole() },
        };
        Frame { topic, now, body }
    }

    /// The keys of services that are followed, in this registry.
    pub(crate) fn followed_in(&self, registry: &RegistryId, interest: &Interest) -> Vec<ServiceKey> {
        let followed = interest.all();
        let keys = followed.iter().filter_map(|id| self.services.get(id)).map(|state| &state.key);
        keys.filter(|key| key.scope.registry == *registry).cloned().collect()
    }
}

enum Refreshed {
    Same,
    Changed(Arc<ServiceRow>),
    Over,
}
