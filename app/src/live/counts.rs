//! How many services there are of each kind, kept up as rows come and go: counting 10,000 rows for every delta would cost a frame.

use std::collections::BTreeMap;

use pilothouse_api::{ServiceRow, SharePart};
use pilothouse_model::{BeatVia, Liveness, Namespace, RegistryId};

/// Services by state, and by everything a facet offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// By registry, and in it by liveness in the order of [`Liveness::ALL`].
    pub(crate) registries: BTreeMap<RegistryId, [u32; Liveness::ALL.len()]>,
    /// By namespace, whatever the registry.
    pub(crate) namespaces: BTreeMap<Namespace, u32>,
    /// By zone; a service in two zones counts in both.
    pub(crate) zones: BTreeMap<String, u32>,
    /// By how their instances prove alive.
    pub(crate) vias: BTreeMap<BeatVia, u32>,
}

impl Counts {
    /// A row came.
    pub(crate) fn add(&mut self, row: &ServiceRow) {
        self.registries.entry(row.registry.clone()).or_default()[row.liveness as usize] += 1;
        *self.namespaces.entry(row.namespace.clone()).or_default() += 1;
        for zone in &row.zones {
            *self.zones.entry(zone.name.clone()).or_default() += 1;
        }
        if let Some(via) = row.via {
            *self.vias.entry(via).or_default() += 1;
        }
    }

    /// A row went.
    pub(crate) fn remove(&mut self, row: &ServiceRow) {
        if let Some(states) = self.registries.get_mut(&row.registry) {
            states[row.liveness as usize] -= 1;
            if states.iter().all(|n| *n == 0) {
                self.registries.remove(&row.registry);
            }
        }
        less(&mut self.namespaces, &row.namespace);
        for zone in &row.zones {
            less(&mut self.zones, &zone.name);
        }
        if let Some(via) = row.via {
            less(&mut self.vias, &via);
        }
    }

    /// A row changed. Most changes touch health alone.
    pub(crate) fn change(&mut self, old: &ServiceRow, new: &ServiceRow) {
        let names = |zones: &[SharePart], others: &[SharePart]| zones.iter().map(|z| &z.name).eq(others.iter().map(|z| &z.name));
        if old.registry == new.registry && old.namespace == new.namespace && old.via == new.via && names(&old.zones, &new.zones) {
            if let Some(states) = self.registries.get_mut(&new.registry) {
                states[old.liveness as usize] -= 1;
                states[new.liveness as usize] += 1;
            }
        } else {
            self.remove(old);
            self.add(new);
        }
    }

    /// Services in a state, where `stale` registries are neither good nor bad.
    pub(crate) fn of(&self, liveness: Liveness, stale: impl Fn(&RegistryId) -> bool) -> u32 {
        let states = self.registries.iter().map(|(registry, states)| match (stale(registry), liveness) {
            (false, _) => states[liveness as usize],
            (true, Liveness::Unknown) => states.iter().sum(),
            (true, _) => 0,
        });
        states.sum()
    }

    /// Services in a registry.
    pub(crate) fn in_registry(&self, registry: &RegistryId) -> u32 {
        self.registries.get(registry).map_or(0, |states| states.iter().sum())
    }
}

fn less<K: Ord>(map: &mut BTreeMap<K, u32>, key: &K) {
    if let Some(n) = map.get_mut(key) {
        *n -= 1;
        if *n == 0 {
            map.remove(key);
        }
    }
}
