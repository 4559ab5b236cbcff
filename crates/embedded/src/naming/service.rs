//! One service: its instances, the edits on them, and the counts that make a page of services cheap.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Address, Definition, Edit, EditTarget, InstanceView, Registration, ServiceKey};

/// A registered instance.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) registration: Registration,
    pub(crate) view: Arc<InstanceView>,
    /// When it last beat or registered, ms.
    pub(crate) last_beat: i64,
    /// The one entry of the deadline queue that is this instance's.
    pub(crate) ticket: u64,
}

/// A service and what is registered in it.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) key: ServiceKey,
    pub(crate) ephemeral: bool,
    pub(crate) definition: Option<Definition>,
    pub(super) instances: BTreeMap<Address, Entry>,
    pub(super) edits: BTreeMap<EditTarget, Edit>,
    clusters: BTreeMap<Arc<str>, usize>,
    healthy: usize,
}

impl Service {
    pub(super) fn new(key: ServiceKey, ephemeral: bool) -> Self {
        Self { key, ephemeral, definition: None, instances: BTreeMap::new(), edits: BTreeMap::new(), clusters: BTreeMap::new(), healthy: 0 }
    }

    /// How many instances there are, in any state.
    pub(crate) fn len(&self) -> usize {
        self.instances.len()
    }

    /// How many instances are healthy, disabled ones included (as Nacos counts).
    pub(crate) fn healthy(&self) -> usize {
        self.healthy
    }

    /// The clusters that have an instance.
    pub(crate) fn clusters(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.clusters.keys()
    }

    /// How many instances a cluster has.
    pub(crate) fn cluster_len(&self, cluster: &str) -> usize {
        self.clusters.get(cluster).copied().unwrap_or(0)
    }

    /// The instances in the order of their addresses.
    pub(crate) fn instances(&self) -> impl Iterator<Item = &Entry> {
        self.instances.values()
    }

    pub(crate) fn instance(&self, address: &Address) -> Option<&Entry> {
        self.instances.get(address)
    }

    /// Whether so few are healthy that Nacos' catalog raises its flag.
    pub(crate) fn triggered(&self) -> bool {
        let threshold = self.definition.as_ref().map_or(0.0, |definition| definition.protect_threshold);
        self.len() > 0 && share(self.healthy, self.len()) <= threshold
    }

    pub(super) fn put(&mut self, registration: Registration, last_beat: i64, ticket: u64) {
        self.take(&registration.address.clone());
        let view = Arc::new(self.view(&registration, registration.healthy));
        *self.clusters.entry(Arc::clone(&registration.cluster)).or_default() += 1;
        self.healthy += usize::from(view.healthy);
        self.instances.insert(registration.address.clone(), Entry { registration, view, last_beat, ticket });
    }

    pub(super) fn take(&mut self, address: &Address) -> Option<Entry> {
        let entry = self.instances.remove(address)?;
        self.healthy -= usize::from(entry.view.healthy);
        if let Some(count) = self.clusters.get_mut(&entry.registration.cluster) {
            *count -= 1;
            if *count == 0 {
                self.clusters.remove(&entry.registration.cluster);
            }
        }
        Some(entry)
    }

    /// Sets an instance's health; says whether that changed anything.
    pub(super) fn set_healthy(&mut self, address: &Address, healthy: bool) -> bool {
        let Some(entry) = self.instances.get_mut(address).filter(|entry| entry.view.healthy != healthy) else { return false };
        entry.view = Arc::new(InstanceView { healthy, ..InstanceView::clone(&entry.view) });
        if healthy {
            self.healthy += 1;
        } else {
            self.healthy -= 1;
        }
        true
    }

    /// Writes or removes an edit and shows it on the instance it is for, if that is registered.
    pub(super) fn set_edit(&mut self, target: &EditTarget, edit: Option<Edit>) {
        match edit {
            Some(edit) => self.edits.insert(target.clone(), edit),
            None => self.edits.remove(target),
        };
        let Some(entry) = self.instances.get(&target.address).filter(|entry| entry.registration.cluster == target.cluster) else { return };
        let view = Arc::new(self.view(&entry.registration, entry.view.healthy));
        if let Some(entry) = self.instances.get_mut(&target.address) {
            entry.view = view;
        }
    }

    /// Whether an edit's instance is registered.
    pub(super) fn has(&self, target: &EditTarget) -> bool {
        self.instances.get(&target.address).is_some_and(|entry| entry.registration.cluster == target.cluster)
    }

    fn view(&self, registration: &Registration, healthy: bool) -> InstanceView {
        let target = EditTarget { address: registration.address.clone(), cluster: Arc::clone(&registration.cluster) };
        InstanceView::new(&self.key, self.ephemeral, registration, healthy, self.edits.get(&target))
    }
}

/// The share of `part` in `whole`, as Nacos compares it with a threshold.
pub(super) fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}
