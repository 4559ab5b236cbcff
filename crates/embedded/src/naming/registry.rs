//! The naming state itself, and what clients do to it: register, beat, deregister.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::deadlines::Deadlines;
use super::service::Entry;
use super::{Address, EditTarget, NamingError, NamingRecord, Registration, Service, ServiceKey};

/// More instances than this are refused: a bound on memory, far above what one registry is used for.
pub(super) const MAX_INSTANCES: usize = 1_000_000;

/// Services of one namespace, in the order of group and name.
type Services = BTreeMap<(Arc<str>, Arc<str>), Service>;

/// A client's sign of life.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Beat {
    pub(crate) address: Address,
    /// The whole instance, when the client sent it: enough to register one that is unknown.
    pub(crate) full: Option<Registration>,
}

/// What a beat met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BeatAnswer {
    /// The instance is known; it should beat every `interval` ms. `changed` says whether lists differ now.
    Known { interval: i64, changed: bool },
    /// Register again.
    Unknown,
}

/// Every service and instance.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    pub(super) namespaces: BTreeMap<Arc<str>, Services>,
    /// Which services an address is registered in: Nacos calls that address a client.
    pub(super) clients: HashMap<(Address, bool), BTreeSet<ServiceKey>>,
    pub(super) deadlines: Deadlines,
    /// Services nobody defined that have no instance, and since when.
    pub(super) empty_since: HashMap<ServiceKey, i64>,
    /// Edits whose instance is not registered, and since when.
    pub(super) orphaned_since: HashMap<(ServiceKey, EditTarget), i64>,
    pub(super) instances: usize,
}

impl Naming {
    /// Registers an ephemeral instance, or the same address anew. Says whether lists differ now.
    pub(crate) fn register(&mut self, key: &ServiceKey, registration: Registration, now: i64) -> Result<bool, NamingError> {
        registration.check()?;
        self.expect_kind(key, true)?;
        if self.instances >= MAX_INSTANCES {
            return Err(NamingError::Full(MAX_INSTANCES));
        }
        let before = self.service(key).and_then(|service| service.instance(&registration.address)).map(|entry| Arc::clone(&entry.view));
        let address = registration.address.clone();
        self.put(key, true, registration, now);
        let after = self.service(key).and_then(|service| service.instance(&address)).map(|entry| &entry.view);
        Ok(before.as_ref() != after)
    }

    /// Takes a sign of life. An unhealthy instance becomes healthy by it.
    pub(crate) fn beat(&mut self, key: &ServiceKey, beat: Beat, now: i64) -> Result<BeatAnswer, NamingError> {
        let known = self.service(key).is_some_and(|service| service.ephemeral && service.instance(&beat.address).is_some());
        if !known {
            let Some(registration) = beat.full else { return Ok(BeatAnswer::Unknown) };
            let interval = super::Periods::of(&registration.metadata).interval;
            return self.register(key, registration, now).map(|changed| BeatAnswer::Known { interval, changed });
        }
        let Some(service) = self.service_mut(key) else { return Ok(BeatAnswer::Unknown) };
        let changed = service.set_healthy(&beat.address, true);
        let Some(entry) = service.instances.get_mut(&beat.address) else { return Ok(BeatAnswer::Unknown) };
        entry.last_beat = now;
        let interval = entry.view.periods.interval;
        if changed {
            self.queue(key, &beat.address);
        }
        Ok(BeatAnswer::Known { interval, changed })
    }

    /// Forgets an ephemeral instance; says whether there was one.
    pub(crate) fn deregister(&mut self, key: &ServiceKey, address: &Address, now: i64) -> bool {
        self.service(key).is_some_and(|service| service.ephemeral) && self.take(key, address, now).is_some()
    }

    /// Makes sure the service can hold a persistent instance, creating it if need be, so that nobody can make it
    /// an ephemeral one while the registration is being written to disk.
    pub(crate) fn reserve_persistent(&mut self, key: &ServiceKey, registration: &Registration, now: i64) -> Result<(), NamingError> {
        registration.check()?;
        self.expect_kind(key, false)?;
        if self.instances >= MAX_INSTANCES {
            return Err(NamingError::Full(MAX_INSTANCES));
        }
        self.ensure(key, false, now);
        Ok(())
    }

    /// Applies a durable change. Never fails: it was decided before it was written.
    pub(crate) fn apply(&mut self, record: NamingRecord, now: i64) {
        match record {
            NamingRecord::Service { key, ephemeral, definition } => {
                let service = self.ensure(&key, ephemeral, now);
                service.definition = Some(definition);
                self.empty_since.remove(&key);
            }
            NamingRecord::ServiceGone { key } => self.drop_service(&key),
            NamingRecord::Instance { key, registration } => self.put(&key, false, registration, now),
            NamingRecord::InstanceGone { key, target } => {
                if self.service(&key).is_some_and(|service| !service.ephemeral) {
                    self.take(&key, &target.address, now);
                }
            }
            NamingRecord::Edited { key, target, edit } => {
                let service = self.ensure(&key, true, now);
                service.set_edit(&target, Some(edit));
                if service.has(&target) {
                    self.queue(&key, &target.address);
                } else {
                    self.orphaned_since.insert((key, target), now);
                }
            }
            NamingRecord::EditGone { key, target } => {
                if let Some(service) = self.service_mut(&key) {
                    service.set_edit(&target, None);
                }
                self.orphaned_since.remove(&(key, target));
            }
        }
    }

    /// The records that rebuild what is durable here.
    pub(crate) fn records(&self) -> impl Iterator<Item = NamingRecord> {
        self.namespaces.values().flat_map(BTreeMap::values).flat_map(|service| {
            let key = &service.key;
            let definition = service.definition.clone();
            let defined = definition.map(|definition| NamingRecord::Service { key: key.clone(), ephemeral: service.ephemeral, definition });
            let instances = service
                .instances()
                .filter(|_| !service.ephemeral)
                .map(|entry| NamingRecord::Instance { key: key.clone(), registration: entry.registration.clone() });
            let edits = service.edits.iter().map(|(target, edit)| NamingRecord::Edited {
                key: key.clone(),
                target: target.clone(),
                edit: edit.clone(),
            });
            defined.into_iter().chain(instances).chain(edits)
        })
    }

    pub(crate) fn service(&self, key: &ServiceKey) -> Option<&Service> {
        self.namespaces.get(&key.namespace)?.get(&(Arc::clone(&key.group), Arc::clone(&key.name)))
    }

    pub(super) fn service_mut(&mut self, key: &ServiceKey) -> Option<&mut Service> {
        self.namespaces.get_mut(&key.namespace)?.get_mut(&(Arc::clone(&key.group), Arc::clone(&key.name)))
    }

    /// The services of a namespace in the order of group and name.
    pub(crate) fn services(&self, namespace: &str) -> impl Iterator<Item = &Service> {
        self.namespaces.get(namespace).into_iter().flat_map(BTreeMap::values)
    }

    /// How many services and instances there are in all namespaces.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.namespaces.values().map(BTreeMap::len).sum(), self.instances)
    }

    /// The addresses that have something registered, and whether what they registered is ephemeral.
    pub(crate) fn clients(&self) -> impl Iterator<Item = &(Address, bool)> {
        self.clients.keys()
    }

    /// What one address has registered, and when it last beat.
    pub(crate) fn client(&self, address: &Address, ephemeral: bool) -> Option<(i64, Vec<(&ServiceKey, &Entry)>)> {
        let keys = self.clients.get(&(address.clone(), ephemeral))?;
        let published: Vec<_> = keys.iter().filter_map(|key| Some((key, self.service(key)?.instance(address)?))).collect();
        Some((published.iter().map(|(_, entry)| entry.last_beat).max().unwrap_or(0), published))
    }

    pub(super) fn queue(&mut self, key: &ServiceKey, address: &Address) {
        let Some(service) =
            self.namespaces.get_mut(&key.namespace).and_then(|s| s.get_mut(&(Arc::clone(&key.group), Arc::clone(&key.name))))
        else {
            return;
        };
        if !service.ephemeral {
            return;
        }
        let Some(entry) = service.instances.get_mut(address) else { return };
        entry.ticket = self.deadlines.push(super::sweep::next_change(entry), key, address);
    }

    pub(super) fn take(&mut self, key: &ServiceKey, address: &Address, now: i64) -> Option<Entry> {
        let service = self.service_mut(key)?;
        let ephemeral = service.ephemeral;
        let entry = service.take(address)?;
        let target = EditTarget { address: address.clone(), cluster: Arc::clone(&entry.registration.cluster) };
        let is_edited = service.edits.contains_key(&target);
        let is_abandoned = service.len() == 0 && service.definition.is_none();
        if is_edited {
            self.orphaned_since.insert((key.clone(), target), now);
        }
        if is_abandoned {
            self.empty_since.insert(key.clone(), now);
        }
        self.instances -= 1;
        let client = (address.clone(), ephemeral);
        if let Some(keys) = self.clients.get_mut(&client) {
            keys.remove(key);
            if keys.is_empty() {
                self.clients.remove(&client);
            }
        }
        Some(entry)
    }

    fn put(&mut self, key: &ServiceKey, ephemeral: bool, registration: Registration, now: i64) {
        let address = registration.address.clone();
        let target = EditTarget { address: address.clone(), cluster: Arc::clone(&registration.cluster) };
        let service = self.ensure(key, ephemeral, now);
        let ephemeral = service.ephemeral;
        let is_new = service.instance(&address).is_none();
        service.put(registration, now, 0);
        self.instances += usize::from(is_new);
        self.empty_since.remove(key);
        if !self.orphaned_since.is_empty() {
            self.orphaned_since.remove(&(key.clone(), target));
        }
        self.clients.entry((address.clone(), ephemeral)).or_default().insert(key.clone());
        self.queue(key, &address);
    }

    fn ensure(&mut self, key: &ServiceKey, ephemeral: bool, now: i64) -> &mut Service {
        let services = self.namespaces.entry(Arc::clone(&key.namespace)).or_default();
        let slot = (Arc::clone(&key.group), Arc::clone(&key.name));
        if !services.contains_key(&slot) {
            self.empty_since.insert(key.clone(), now);
        }
        services.entry(slot).or_insert_with(|| Service::new(key.clone(), ephemeral))
    }

    pub(super) fn drop_service(&mut self, key: &ServiceKey) {
        let Some(services) = self.namespaces.get_mut(&key.namespace) else { return };
        let Some(service) = services.remove(&(Arc::clone(&key.group), Arc::clone(&key.name))) else { return };
        if services.is_empty() {
            self.namespaces.remove(&key.namespace);
        }
        self.instances -= service.len();
        for entry in service.instances() {
            let client = (entry.registration.address.clone(), service.ephemeral);
            if let Some(keys) = self.clients.get_mut(&client) {
                keys.remove(key);
                if keys.is_empty() {
                    self.clients.remove(&client);
                }
            }
        }
        self.empty_since.remove(key);
        self.orphaned_since.retain(|(of, _), _| of != key);
    }

    fn expect_kind(&self, key: &ServiceKey, ephemeral: bool) -> Result<(), NamingError> {
        let word = |ephemeral: bool| if ephemeral { "ephemeral" } else { "persistent" };
        match self.service(key) {
            Some(service) if service.ephemeral != ephemeral => {
                Err(NamingError::WrongKind { service: key.grouped(), is: word(service.ephemeral), wanted: word(ephemeral) })
            }
            _ => Ok(()),
        }
    }
}
