//! What was told so far, and what differs from it. Pure.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pilothouse_model::{BeatVia, Heartbeat, Instance, LocalInstanceId, Namespace, Service, ServiceKey};

use super::super::read::{Counts, Listed, Member, Members, Reading};
use super::super::wire::{CountRow, heartbeat};
use crate::{Entry, EntryKey, WatchEvent};

/// The services and instances as the stream told them.
#[derive(Debug, Default)]
pub(super) struct View {
    services: HashMap<ServiceKey, Known>,
    /// The rows of the last list of counts. Rows are compared with rows: they count duplicates that the view does not.
    rows: HashMap<ServiceKey, CountRow>,
}

#[derive(Debug)]
struct Known {
    service: Service,
    instances: BTreeMap<(Arc<str>, LocalInstanceId), Instance>,
}

impl View {
    /// Takes in a reading, or that a service is not there, and says what changed.
    pub(super) fn take(&mut self, key: &ServiceKey, reading: Option<Reading>) -> Vec<WatchEvent> {
        let Some(reading) = reading else {
            return self.services.remove(key).map(|_| WatchEvent::Delete(EntryKey::Service(key.clone()))).into_iter().collect();
        };
        let mut events = Vec::new();
        let known = self.services.remove(key);
        if known.as_ref().is_none_or(|known| known.service != reading.service) {
            events.push(WatchEvent::Apply(Entry::Service(reading.service.clone())));
        }
        let mut before = known.map(|known| known.instances).unwrap_or_default();
        let mut instances = BTreeMap::new();
        for instance in reading.instances {
            let place = (Arc::clone(&instance.key.cluster), instance.key.instance.clone());
            if before.remove(&place).is_none_or(|old| !same(&old, &instance)) {
                events.push(WatchEvent::Apply(Entry::Instance(instance.clone())));
            }
            instances.insert(place, instance);
        }
        events.extend(before.into_values().map(|gone| WatchEvent::Delete(EntryKey::Instance(gone.key))));
        self.services.insert(key.clone(), Known { service: reading.service, instances });
        events
    }

    /// Takes in a list of counts and names the services to be read again.
    pub(super) fn compare_counts(&mut self, namespace: &Namespace, counts: Counts) -> Vec<ServiceKey> {
        let mut suspects = Vec::new();
        if counts.complete {
            let gone = |key: &&ServiceKey| key.scope.namespace == *namespace && !counts.rows.contains_key(*key);
            suspects.extend(self.services.keys().filter(gone).cloned());
            self.rows.retain(|key, _| key.scope.namespace != *namespace || counts.rows.contains_key(key));
        }
        for (key, row) in counts.rows {
            if self.rows.get(&key) != Some(&row) || !self.services.contains_key(&key) {
                suspects.push(key.clone());
            }
            self.rows.insert(key, row);
        }
        suspects
    }

    /// Names the services whose members are not those of the view.
    pub(super) fn compare_members(&self, namespace: &Namespace, members: &Members) -> Vec<ServiceKey> {
        let gone = |key: &&ServiceKey| key.scope.namespace == *namespace && !members.services.contains_key(*key);
        let mut suspects: Vec<_> = self.services.keys().filter(gone).cloned().collect();
        let listed = |known: &Known| Listed {
            metadata: known.service.metadata.clone(),
            members: known
                .instances
                .iter()
                .map(|((cluster, id), instance)| ((cluster.to_string(), id.clone()), Member::from(instance)))
                .collect(),
        };
        let differs = |(key, there): &(&ServiceKey, &Listed)| self.services.get(key).map(listed).as_ref() != Some(there);
        suspects.extend(members.services.iter().filter(differs).map(|(key, _)| key.clone()));
        suspects
    }

    /// Whether consumers of a service, as they are told now, know something the view does not.
    pub(super) fn differs_for_consumers(&self, key: &ServiceKey, hosts: usize, protected: bool) -> bool {
        self.services.get(key).is_none_or(|known| {
            let enabled = known.instances.values().filter(|instance| instance.enabled).count();
            let dead = known.instances.values().any(|instance| instance.enabled && instance.health.healthy() == Some(false));
            enabled != hosts || (protected && dead) != known.service.protection.is_some()
        })
    }

    /// Tells how ephemeral instances prove alive, where that was not known before.
    pub(super) fn classify(&mut self, via: impl Fn(&Instance) -> BeatVia) -> Vec<WatchEvent> {
        let unknown =
            self.services.values_mut().flat_map(|known| known.instances.values_mut()).filter(|instance| is_unclassified(instance));
        let mut events = Vec::new();
        for instance in unknown {
            let told = match via(instance) {
                BeatVia::Client => continue,
                BeatVia::Http => heartbeat(&instance.metadata),
                other => Heartbeat::untold(other),
            };
            instance.heartbeat = told;
            events.push(WatchEvent::Apply(Entry::Instance(instance.clone())));
        }
        events
    }

    pub(super) fn has_unclassified(&self) -> bool {
        self.instances().any(is_unclassified)
    }

    pub(super) fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.services.values().flat_map(|known| known.instances.values())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &ServiceKey> {
        self.services.keys()
    }

    pub(super) fn len(&self) -> usize {
        self.services.len()
    }

    /// The clusters a service had when it was last read.
    pub(super) fn clusters(&self, key: &ServiceKey) -> Vec<String> {
        let mut clusters: Vec<String> = Vec::new();
        for (cluster, _) in self.services.get(key).into_iter().flat_map(|known| known.instances.keys()) {
            if clusters.last().is_none_or(|last| **last != **cluster) {
                clusters.push(cluster.to_string());
            }
        }
        clusters
    }
}

fn is_unclassified(instance: &Instance) -> bool {
    instance.heartbeat.via == BeatVia::Client
}

/// Equal but for the last beat: a beat is no change.
fn same(a: &Instance, b: &Instance) -> bool {
    let heartbeat = |i: &Instance| Heartbeat { last: None, ..i.heartbeat };
    heartbeat(a) == heartbeat(b)
        && (a.health, a.weight, a.enabled, a.ephemeral) == (b.health, b.weight, b.enabled, b.ephemeral)
        && (a.port, &a.host, &a.incarnation, &a.metadata) == (b.port, &b.host, &b.incarnation, &b.metadata)
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Health, InstanceKey, Protection, Scope};
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> ServiceKey {
        let scope = Scope { registry: "r".parse().unwrap(), namespace: Namespace::new(""), group: "g".into() };
        ServiceKey { scope, name: name.into() }
    }

    fn reading(name: &str, threshold: u8, members: &[(u8, bool)]) -> Reading {
        let key = key(name);
        let service = Service {
            key: key.clone(),
            ephemeral: Some(true),
            protect_threshold: Some(threshold.into()),
            protection: None,
            metadata: BTreeMap::new(),
        };
        let instance = |(n, healthy): &(u8, bool)| Instance {
            key: InstanceKey {
                service: key.clone(),
                cluster: format!("c{}", n % 2).into(),
                instance: LocalInstanceId(format!("h:{n}").into()),
            },
            host: "h".into(),
            port: u16::from(*n),
            weight: 1.0,
            enabled: true,
            ephemeral: Some(true),
            health: Health::Reported { healthy: *healthy },
            heartbeat: Heartbeat::untold(BeatVia::Client),
            incarnation: None,
            metadata: BTreeMap::new(),
        };
        Reading { service, instances: members.iter().map(instance).collect() }
    }

    fn row(ips: usize) -> CountRow {
        CountRow { name: String::new(), group_name: String::new(), ip_count: ips, healthy_instance_count: 0, trigger_flag: false }
    }

    fn counts(rows: &[(&str, usize)], complete: bool) -> Counts {
        let rows = rows.iter().map(|(name, ips)| (key(name), row(*ips))).collect();
        Counts { rows, from: super::super::super::read::CountsFrom::Catalog, complete }
    }

    #[test]
    fn a_beat_is_no_change() {
        let mut view = View::default();
        let mut one = reading("a", 0, &[(1, true)]);
        view.take(&key("a"), Some(one.clone()));
        one.instances[0].heartbeat.last = Some(pilothouse_model::Millis(7));
        assert_eq!(view.take(&key("a"), Some(one)), []);
    }

    #[test]
    fn rows_are_compared_with_rows() {
        let mut view = View::default();
        let public = Namespace::new("");
        assert_eq!(view.compare_counts(&public, counts(&[("a", 3), ("b", 1)], true)), [key("a"), key("b")]);
        // The service lists two of three: one address registered twice. That is no reason to read it for ever.
        view.take(&key("a"), Some(reading("a", 0, &[(1, true), (2, true)])));
        view.take(&key("b"), Some(reading("b", 0, &[(1, true)])));
        assert_eq!(view.compare_counts(&public, counts(&[("a", 3), ("b", 1)], true)), []);
        assert_eq!(view.compare_counts(&public, counts(&[("a", 2), ("b", 1)], true)), [key("a")]);
        assert_eq!(view.compare_counts(&public, counts(&[("b", 1)], false)), [], "a list with holes says nothing of what is not in it");
        assert_eq!(view.compare_counts(&public, counts(&[("b", 1)], true)), [key("a")]);
        assert_eq!(view.take(&key("a"), None), [WatchEvent::Delete(EntryKey::Service(key("a")))]);
        assert_eq!(view.compare_counts(&Namespace::new("other"), counts(&[], true)), [], "another namespace");
    }

    #[test]
    fn consumers_may_know_more() {
        let mut view = View::default();
        view.take(&key("a"), Some(reading("a", 0, &[(1, true), (2, false)])));
        assert!(!view.differs_for_consumers(&key("a"), 2, false));
        assert!(view.differs_for_consumers(&key("a"), 3, false));
        assert!(view.differs_for_consumers(&key("a"), 2, true), "a threshold was raised");
        let mut protected = reading("a", 0, &[(1, true), (2, false)]);
        protected.service.protection = Some(Protection::ProtectThreshold);
        view.take(&key("a"), Some(protected));
        assert!(!view.differs_for_consumers(&key("a"), 2, true));
    }

    proptest! {
        /// Whoever applies the events holds what was read last.
        #[test]
        fn events_lead_from_reading_to_reading(
            readings in prop::collection::vec((0u8..3, prop::option::of((0u8..2, prop::collection::btree_map(0u8..6, any::<bool>(), 0..6)))), 0..40)
        ) {
            let mut view = View::default();
            let mut shown: HashMap<EntryKey, Entry> = HashMap::new();
            let mut last: HashMap<u8, Option<Reading>> = HashMap::new();
            for (n, members) in readings {
                let name = format!("s{n}");
                let read = members.map(|(threshold, members)| reading(&name, threshold, &members.into_iter().collect::<Vec<_>>()));
                for event in view.take(&key(&name), read.clone()) {
                    match event {
                        WatchEvent::Apply(entry) => {
                            prop_assert_ne!(shown.get(&entry.key()), Some(&entry), "told twice");
                            shown.insert(entry.key(), entry);
                        }
                        WatchEvent::Delete(key) => {
                            prop_assert!(shown.remove(&key).is_some(), "gone twice");
                            if let EntryKey::Service(service) = key {
                                shown.retain(|_, entry| !matches!(entry, Entry::Instance(instance) if instance.key.service == service));
                            }
                        }
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
                last.insert(n, read);
            }
            let expected: HashMap<_, _> = last.into_values().flatten().flat_map(Reading::into_entries).map(|entry| (entry.key(), entry)).collect();
            prop_assert_eq!(shown, expected);
        }
    }
}
