//! Takes events in: what a registry told and what time did. Leaves behind what is dirty.

use pilothouse_api::{GHOST_MS, HISTORY_MS, HorizonMark, MarkKind};
use pilothouse_console::ports::PastFleet;
use pilothouse_model::{
    BeatReading, Evidence, Fact, FactBody, Instance, InstanceKey, Liveness, Millis, Occurred, RegistryId, Service, ServiceKey, Transition,
};
use pilothouse_pulse::{Departure, Observation};
use pilothouse_registry::{Entry, EntryKey, WatchEvent};
use tokio::time::Instant;

use super::registry::Listing;
use super::service::InstanceState;
use super::state::{FleetState, Input, local_key};
use super::{changes, rows};

/// On what an applied entry rests.
#[derive(Clone)]
pub(super) struct Look {
    pub(super) occurred: Occurred,
    pub(super) evidence: Evidence,
    /// The first list of a registry of which nothing was known: everything in it is new to us, nothing happened.
    pub(super) first_sight: bool,
}

impl FleetState {
    /// Applies one input.
    pub(crate) fn apply(&mut self, input: Input, now: Millis) {
        match input {
            Input::Event { registry, event, received } => self.apply_event(&registry, event, now, received),
            Input::WatchFailed { registry, error, retry_at } => {
                let Some(state) = self.registries.get_mut(&registry) else { return };
                state.listing = None;
                state.failures = state.failures.saturating_add(1);
                state.last_error = Some((now, error));
                state.retry_at = Some(retry_at);
                self.dirty.registries.insert(registry);
            }
            Input::Beats { service, beats, read_at } => self.apply_beats(&service, &beats, read_at, now),
            Input::Record { actor, instance, change, readback, read, done } => {
                self.record_edit(&actor, &instance, change, readback, read.map(|read| *read), now);
                let _ = done.send(());
            }
        }
    }

    /// Takes over the view that an earlier process left in the ledger. It is shown, stale, until the registry is read.
    pub(crate) fn seed(&mut self, past: PastFleet, now: Millis) {
        for (registry, proof) in past.proofs {
            if let Some(state) = self.registries.get_mut(&registry) {
                state.seed(proof);
                self.dirty.registries.insert(registry);
            }
        }
        let look = |seen: Millis| Look { occurred: at_once(seen), evidence: Evidence::Registry, first_sight: true };
        for service in past.services {
            if self.registries.contains_key(&service.key.scope.registry) {
                self.upsert_service(service, &look(now));
            }
        }
        for instance in past.instances {
            let proof = self.registries.get(&instance.key.service.scope.registry).and_then(super::RegistryState::last_proof);
            if let Some(proof) = proof {
                self.upsert_instance(&instance, &look(proof));
            }
        }
        // What was just read from the ledger need not be written to it.
        self.dirty.ledger = pilothouse_console::ports::LedgerBatch::default();
    }

    fn apply_event(&mut self, id: &RegistryId, event: WatchEvent, now: Millis, received: Instant) {
        let Some(registry) = self.registries.get_mut(id) else { return };
        let look = Look {
            occurred: Occurred { at: None, seen: now, not_before: registry.look_before(now).unwrap_or(now).min(now), not_after: now },
            evidence: Evidence::Registry,
            first_sight: false,
        };
        if matches!(event, WatchEvent::Init) {
            registry.listing = Some(Listing::default());
        }
        registry.prove(now, received);
        match event {
            WatchEvent::Alive | WatchEvent::Init => {}
            WatchEvent::InitApply(entry) => {
                let listing = registry.listing.get_or_insert_with(Listing::default);
                match entry {
                    Entry::Service(service) => drop(listing.services.insert(service.key.clone(), service)),
                    Entry::Instance(instance) => drop(listing.instances.insert(instance.key.clone(), instance)),
                }
            }
            WatchEvent::InitDone => self.swap(id, look, now, received),
            WatchEvent::Apply(Entry::Service(service)) => self.upsert_service(service, &look),
            WatchEvent::Apply(Entry::Instance(instance)) => self.upsert_instance(&instance, &look),
            WatchEvent::Delete(EntryKey::Service(service)) => self.delete_service(&service, &look),
            WatchEvent::Delete(EntryKey::Instance(instance)) => self.delete_instance(&instance, &look, None),
        }
    }

    /// A whole list replaces the view at once: what it does not hold is gone.
    fn swap(&mut self, id: &RegistryId, mut look: Look, now: Millis, received: Instant) {
        let Some(registry) = self.registries.get_mut(id) else { return };
        let Some(listing) = registry.listing.take() else { return };
        look.first_sight = registry.view_of.is_none();
        if !registry.freshness().is_live() {
            look.evidence = Evidence::FoundOnReturn;
        }
        registry.listed = true;
        (registry.failures, registry.retry_at) = (0, None);
        registry.prove(now, received);
        let mut gone_services = Vec::new();
        let mut gone_instances = Vec::new();
        for state in self.services.values().filter(|state| state.key.scope.registry == *id) {
            if state.service.is_some() && !listing.services.contains_key(&state.key) {
                gone_services.push(state.key.clone());
            }
            let listed = state.instances.values().filter(|instance| instance.gone.is_none());
            gone_instances.extend(listed.map(|i| &i.instance.key).filter(|key| !listing.instances.contains_key(*key)).cloned());
        }
        for service in listing.services.into_values() {
            self.upsert_service(service, &look);
        }
        for instance in listing.instances.into_values() {
            self.upsert_instance(&instance, &look);
        }
        for instance in gone_instances {
            self.delete_instance(&instance, &look, None);
        }
        for service in gone_services {
            self.delete_service(&service, &look);
        }
        self.dirty.registries.insert(id.clone());
    }

    fn upsert_service(&mut self, service: Service, look: &Look) {
        let known = self.services.get(&service.key.id()).and_then(|state| state.service.as_ref());
        if known == Some(&service) {
            return;
        }
        let registry = service.key.scope.registry.clone();
        let is_new = !self.services.contains_key(&service.key.id());
        let protected = service.protection.is_some();
        let state = self.service_mut(&service.key, look.occurred.seen);
        let counted = std::mem::replace(&mut state.counted_protected, protected);
        state.service = Some(service.clone());
        if let Some(counts) = self.registries.get_mut(&registry) {
            counts.services += u32::from(is_new);
            counts.protected = counts.protected + u32::from(protected) - u32::from(counted);
        }
        self.fact(look.occurred, registry, FactBody::ServiceApplied { service });
    }

    pub(super) fn upsert_instance(&mut self, instance: &Instance, look: &Look) {
        let key = instance.key.clone();
        let (service_id, local) = (key.service.id(), local_key(&key));
        let known = self.services.get(&service_id).and_then(|state| state.instances.get(&local));
        if known.is_some_and(|known| known.gone.is_none() && known.instance == *instance) {
            return;
        }
        // What comes back as something else was deployed or changed meanwhile, as what changes in place.
        let described = known.map(|known| known.instance.clone());
        let was_gone = known.and_then(|known| known.gone);
        let was = described.as_ref().filter(|_| was_gone.is_none());
        let only_beat = was.is_some_and(|was| rows::without_beat(was) == rows::without_beat(instance));
        let new_service = !self.services.contains_key(&service_id);

        let state = self.service_mut(&key.service, look.occurred.seen);
        let entry = state.instances.entry(local.clone()).or_insert_with(|| InstanceState {
            instance: instance.clone(),
            pulse: pilothouse_pulse::InstancePulse::default(),
            beat_read_at: None,
            gone: None,
        });
        entry.instance = instance.clone();
        entry.gone = None;
        let observation =
            Observation { instance, at: look.occurred.moment(), beat_read_at: entry.beat_read_at, evidence: look.evidence.clone() };
        let changed = entry.pulse.observe(&observation);
        let last_step = entry.pulse.steps().next_back().cloned();
        if look.first_sight {
            entry.pulse.forget(Millis(i64::MAX));
        }

        let id = key.id();
        if let Some(gone) = was_gone {
            self.ghosts.remove(&(gone + GHOST_MS, id));
        }
        if was.is_none() {
            self.locations.insert(id, (service_id, local));
            self.totals.instances += 1;
            if let Some(counts) = self.registries.get_mut(&key.service.scope.registry) {
                counts.instances += 1;
                counts.services += u32::from(new_service);
            }
        }
        if only_beat && changed.is_none() {
            return;
        }
        if let (Some(from), Some((_, _, to, evidence)), false) = (changed, last_step, look.first_sight) {
            self.transition(look.occurred, &key, from, to, evidence);
        }
        if let Some(described) = &described {
            for difference in changes::differences(described, instance) {
                self.note_change(look.occurred.seen, instance, difference, None);
            }
        }
        if !only_beat {
            let body = FactBody::InstanceApplied { instance: Box::new(rows::without_beat(instance)) };
            self.fact(look.occurred, key.service.scope.registry.clone(), body);
        }
    }

    fn delete_service(&mut self, key: &ServiceKey, look: &Look) {
        let Some(state) = self.services.get_mut(&key.id()) else { return };
        let protected = std::mem::take(&mut state.counted_protected);
        let had = state.service.take().is_some();
        let instances: Vec<_> = state.instances.values().filter(|i| i.gone.is_none()).map(|i| i.instance.key.clone()).collect();
        self.dirty.services.insert(key.id());
        if let Some(counts) = self.registries.get_mut(&key.scope.registry) {
            counts.protected -= u32::from(protected);
        }
        for instance in instances {
            self.delete_instance(&instance, look, None);
        }
        if had {
            self.fact(look.occurred, key.scope.registry.clone(), FactBody::ServiceDeleted { service: key.clone() });
        }
    }

    pub(super) fn delete_instance(&mut self, key: &InstanceKey, look: &Look, by: Option<String>) {
        let Some(state) = self.services.get_mut(&key.service.id()) else { return };
        let Some(instance) = state.instances.get_mut(&local_key(key)).filter(|instance| instance.gone.is_none()) else { return };
        let gone = look.occurred.moment();
        instance.gone = Some(gone);
        let how = match (by, &look.evidence) {
            (Some(by), _) => Departure::By(by),
            (None, Evidence::FoundOnReturn) => Departure::FoundOnReturn,
            (None, _) => Departure::Seen,
        };
        let last = instance.instance.clone();
        let changed = instance.pulse.depart(&last, gone, how);
        let step = instance.pulse.steps().next_back().cloned();
        self.dirty.services.insert(key.service.id());
        self.totals.instances -= 1;
        self.ghosts.insert((gone + GHOST_MS, key.id()));
        if let Some(counts) = self.registries.get_mut(&key.service.scope.registry) {
            counts.instances -= 1;
        }
        if let (Some(from), Some((_, _, to, evidence))) = (changed, step) {
            self.transition(look.occurred, key, from, to, evidence);
        }
        self.fact(look.occurred, key.service.scope.registry.clone(), FactBody::InstanceDeleted { instance: key.clone() });
    }

    fn apply_beats(&mut self, service: &ServiceKey, beats: &[BeatReading], read_at: Millis, now: Millis) {
        let id = service.id();
        let occurred = at_once(now);
        let mut turned = Vec::new();
        let Some(state) = self.services.get_mut(&id) else { return };
        for beat in beats {
            let local = (beat.cluster.as_str().into(), beat.instance.clone());
            let Some(instance) = state.instances.get_mut(&local).filter(|instance| instance.gone.is_none()) else { continue };
            instance.instance.heartbeat.last = Some(beat.last);
            instance.beat_read_at = Some(read_at);
            let observation =
                Observation { instance: &instance.instance, at: now, beat_read_at: Some(read_at), evidence: Evidence::Registry };
            if let Some(from) = instance.pulse.observe(&observation)
                && let Some((_, _, to, evidence)) = instance.pulse.steps().next_back()
            {
                turned.push((instance.instance.key.clone(), from, *to, evidence.clone()));
            }
        }
        self.dirty.services.insert(id);
        for (key, from, to, evidence) in turned {
            self.transition(occurred, &key, from, to, evidence);
        }
    }

    /// Lets time pass: freshness turns, words that end by themselves end, ghosts go.
    pub(crate) fn elapse(&mut self, now: Millis, instant: Instant) {
        for id in self.registries.keys().cloned().collect::<Vec<_>>() {
            let Some(registry) = self.registries.get_mut(&id) else { continue };
            let before = registry.last_proof();
            let Some(freshness) = registry.turn(now, instant) else { continue };
            self.totals.live = u32::try_from(self.registries.values().filter(|r| r.freshness().is_live()).count()).unwrap_or(0);
            self.dirty.registries.insert(id.clone());
            self.dirty.services.extend(self.services.iter().filter(|(_, s)| s.key.scope.registry == id).map(|(service, _)| *service));
            let occurred = Occurred { at: None, seen: now, not_before: before.unwrap_or(now).min(now), not_after: now };
            let live = freshness.is_live();
            let (from, to) = if live { (Liveness::Unknown, Liveness::Up) } else { (Liveness::Up, Liveness::Unknown) };
            self.horizon.count(now, if live { Liveness::Returned } else { Liveness::Unknown });
            self.dirty.ledger.transitions.push(Transition {
                occurred,
                registry: id.clone(),
                instance: None,
                from: Some(from),
                to,
                evidence: Evidence::Freshness,
            });
            self.fact(occurred, id, FactBody::Freshness { freshness });
        }
        for fingerprint in self.restless.iter().copied().collect::<Vec<_>>() {
            self.settle(fingerprint, now);
        }
        while let Some((due, fingerprint)) = self.ghosts.first().copied().filter(|(due, _)| *due <= now) {
            self.ghosts.remove(&(due, fingerprint));
            if let Some((service, local)) = self.locations.remove(&fingerprint)
                && let Some(state) = self.services.get_mut(&service)
            {
                state.instances.remove(&local);
                self.dirty.services.insert(service);
            }
        }
        self.horizon.forget(now);
    }

    fn settle(&mut self, fingerprint: pilothouse_model::Fingerprint, now: Millis) {
        let Some((service, local)) = self.locations.get(&fingerprint).cloned() else {
            self.restless.remove(&fingerprint);
            return;
        };
        let Some(instance) = self.services.get_mut(&service).and_then(|state| state.instances.get_mut(&local)) else { return };
        let changed = instance.pulse.elapse(&instance.instance, now, instance.beat_read_at);
        instance.pulse.forget(now - HISTORY_MS - GHOST_MS);
        let (key, to) = (instance.instance.key.clone(), instance.pulse.liveness());
        if !to.is_some_and(is_restless) {
            self.restless.remove(&fingerprint);
        }
        if let (Some(from), Some(to)) = (changed, to) {
            self.dirty.services.insert(service);
            self.transition(at_once(now), &key, from, to, Evidence::Registry);
        }
    }

    fn transition(&mut self, occurred: Occurred, key: &InstanceKey, from: Option<Liveness>, to: Liveness, evidence: Evidence) {
        if is_restless(to) {
            self.restless.insert(key.id());
        }
        self.horizon.count(occurred.moment(), to);
        self.dirty.services.insert(key.service.id());
        let registry = key.service.scope.registry.clone();
        self.dirty.ledger.transitions.push(Transition { occurred, registry, instance: Some(key.clone()), from, to, evidence });
    }

    pub(super) fn fact(&mut self, occurred: Occurred, registry: RegistryId, body: FactBody) {
        self.dirty.ledger.facts.push(Fact { occurred, registry, body });
    }

    pub(super) fn note_change(&mut self, at: Millis, instance: &Instance, difference: (MarkKind, String, String), by: Option<String>) {
        let row = changes::row(at, instance, difference, by);
        let mark = HorizonMark { at, kind: row.kind, label: row.name.clone() };
        if self.changes.note(row) {
            self.horizon.mark(mark);
        }
    }
}

/// Words that end by time alone.
fn is_restless(liveness: Liveness) -> bool {
    matches!(liveness, Liveness::Returned | Liveness::Flapping | Liveness::Late)
}

pub(super) fn at_once(now: Millis) -> Occurred {
    Occurred { at: None, seen: now, not_before: now, not_after: now }
}
