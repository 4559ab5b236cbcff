//! What the watch has told so far, and the differences to what is read now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pilothouse_model::{Instance, InstanceKey, LocalInstanceId, Namespace, Scope, ServiceKey};

use super::mapping;
use super::wire::{HealthRow, Node, NodeServices};
use crate::{Entry, EntryKey, WatchEvent};

/// The services of one datacenter as told.
pub(super) struct View {
    scope: Scope,
    services: BTreeMap<String, BTreeMap<LocalInstanceId, Row>>,
}

/// One instance as told, with what its next change is recognised by.
struct Row {
    instance: Instance,
    node: String,
    node_address: String,
    id: String,
    modified: u64,
}

impl View {
    pub(super) fn new(scope: Scope) -> Self {
        Self { scope, services: BTreeMap::new() }
    }

    pub(super) fn scope_of(registry: &pilothouse_model::RegistryId, datacenter: &str) -> Scope {
        Scope { registry: registry.clone(), namespace: Namespace::new(datacenter), group: "".into() }
    }

    fn key(&self, name: &str) -> ServiceKey {
        ServiceKey { scope: self.scope.clone(), name: name.into() }
    }

    /// Takes what a service holds now; returns what is new about it.
    pub(super) fn apply(&mut self, name: &str, rows: &[HealthRow]) -> Vec<WatchEvent> {
        let key = self.key(name);
        let mut events = Vec::new();
        let held = self.services.entry(name.to_owned()).or_insert_with(|| {
            events.push(WatchEvent::Apply(Entry::Service(mapping::service(key.clone()))));
            BTreeMap::new()
        });
        let mut gone: BTreeSet<LocalInstanceId> = held.keys().cloned().collect();
        for row in rows {
            let instance = row.instance(&key);
            let id = instance.key.instance.clone();
            gone.remove(&id);
            if held.get(&id).is_none_or(|held| held.instance != instance) {
                events.push(WatchEvent::Apply(Entry::Instance(instance.clone())));
            }
            let (node, node_address) = (row.node.node.clone(), row.node.address.clone());
            held.insert(id, Row { instance, node, node_address, id: row.service.id.clone(), modified: row.service.modify_index });
        }
        for id in gone {
            held.remove(&id);
            let instance = InstanceKey { service: key.clone(), cluster: "".into(), instance: id };
            events.push(WatchEvent::Delete(EntryKey::Instance(instance)));
        }
        events
    }

    /// Drops a service that is not in the catalog any more.
    pub(super) fn remove(&mut self, name: &str) -> Option<WatchEvent> {
        self.services.remove(name).map(|_| WatchEvent::Delete(EntryKey::Service(self.key(name))))
    }

    /// The services that have an instance on a node.
    pub(super) fn on_node(&self, node: &str) -> impl Iterator<Item = &str> {
        self.services.iter().filter(move |(_, rows)| rows.values().any(|row| row.node == node)).map(|(name, _)| name.as_str())
    }

    /// The services whose instances differ from what the catalog lists on every node.
    pub(super) fn differing(&self, listed: &[(String, NodeServices)]) -> BTreeSet<String> {
        let mut listed: HashMap<(&str, &str), (&str, u64)> = listed
            .iter()
            .flat_map(|(node, services)| services.services.iter().map(move |service| (node, service)))
            .map(|(node, service)| ((node.as_str(), service.id.as_str()), (service.service.as_str(), service.modify_index)))
            .collect();
        let mut differing = BTreeSet::new();
        for (name, rows) in &self.services {
            for row in rows.values() {
                if listed.remove(&(row.node.as_str(), row.id.as_str())) != Some((name.as_str(), row.modified)) {
                    differing.insert(name.clone());
                }
            }
        }
        differing.extend(listed.into_values().map(|(name, _)| name.to_owned()));
        differing
    }

    /// The services with instances on nodes that are gone or have another address.
    pub(super) fn moved(&self, nodes: &[Node]) -> BTreeSet<String> {
        let addresses: HashMap<&str, &str> = nodes.iter().map(|node| (node.node.as_str(), node.address.as_str())).collect();
        let moved = |row: &Row| addresses.get(row.node.as_str()) != Some(&row.node_address.as_str());
        self.services.iter().filter(|(_, rows)| rows.values().any(moved)).map(|(name, _)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(node: &str, id: &str, modified: u64) -> HealthRow {
        let service = json!({ "ID": id, "Service": "web", "ModifyIndex": modified });
        serde_json::from_value(json!({ "Node": { "Node": node, "Address": "10.0.0.1" }, "Service": service, "Checks": [] })).unwrap()
    }

    fn view() -> View {
        let mut view = View::new(View::scope_of(&"c".parse().unwrap(), "dc1"));
        view.apply("web", &[row("n1", "w1", 5), row("n2", "w2", 6)]);
        view
    }

    fn shape(events: &[WatchEvent]) -> Vec<String> {
        let name = |key: &EntryKey| match key {
            EntryKey::Service(service) => service.name.to_string(),
            EntryKey::Instance(instance) => instance.instance.to_string(),
        };
        let one = |event: &WatchEvent| match event {
            WatchEvent::Apply(entry) => format!("+{}", name(&entry.key())),
            WatchEvent::Delete(key) => format!("-{}", name(key)),
            other => format!("{other:?}"),
        };
        events.iter().map(one).collect()
    }

    #[test]
    fn only_differences_are_told() {
        let mut view = View::new(View::scope_of(&"c".parse().unwrap(), "dc1"));
        assert_eq!(shape(&view.apply("web", &[])), ["+web"], "a service without instances is one");
        assert_eq!(shape(&view.apply("web", &[row("n1", "w1", 5)])), ["+n1/w1"]);
        assert_eq!(shape(&view.apply("web", &[row("n1", "w1", 7)])), [""; 0], "a new index alone is nothing to tell");
        assert_eq!(shape(&view.apply("web", &[row("n2", "w1", 7)])), ["+n2/w1", "-n1/w1"]);
        assert_eq!(shape(view.remove("web").as_slice()), ["-web"]);
        assert_eq!(view.remove("web"), None);
    }

    #[test]
    fn a_sweep_finds_every_difference() {
        let listed = |rows: serde_json::Value| -> Vec<(String, NodeServices)> {
            serde_json::from_value::<Vec<(String, Option<NodeServices>)>>(rows)
                .unwrap()
                .into_iter()
                .map(|(node, services)| (node, services.unwrap_or(NodeServices { services: Vec::new() })))
                .collect()
        };
        let service = |id: &str, name: &str, modified: u64| json!({ "ID": id, "Service": name, "ModifyIndex": modified });
        let cases = [
            (
                "the same",
                json!([["n1", { "Services": [service("w1", "web", 5)] }], ["n2", { "Services": [service("w2", "web", 6)] }]]),
                vec![],
            ),
            (
                "changed",
                json!([["n1", { "Services": [service("w1", "web", 9)] }], ["n2", { "Services": [service("w2", "web", 6)] }]]),
                vec!["web"],
            ),
            ("gone", json!([["n1", { "Services": null }], ["n2", { "Services": [service("w2", "web", 6)] }]]), vec!["web"]),
            ("node gone", json!([["n2", { "Services": [service("w2", "web", 6)] }]]), vec!["web"]),
            (
                "new",
                json!([["n1", { "Services": [service("w1", "web", 5), service("a", "api", 8)] }], ["n2", { "Services": [service("w2", "web", 6)] }]]),
                vec!["api"],
            ),
            (
                "renamed",
                json!([["n1", { "Services": [service("w1", "api", 9)] }], ["n2", { "Services": [service("w2", "web", 6)] }]]),
                vec!["web"],
            ),
        ];
        for (what, rows, expected) in cases {
            assert_eq!(view().differing(&listed(rows)).into_iter().collect::<Vec<_>>(), expected, "{what}");
        }
    }

    #[test]
    fn nodes_that_move_take_their_services_with_them() {
        let nodes = |rows: serde_json::Value| serde_json::from_value::<Vec<Node>>(rows).unwrap();
        let at = |node: &str, address: &str| json!({ "Node": node, "Address": address });
        assert!(view().moved(&nodes(json!([at("n1", "10.0.0.1"), at("n2", "10.0.0.1")]))).is_empty());
        assert_eq!(view().moved(&nodes(json!([at("n1", "10.0.0.1"), at("n2", "10.0.0.9")]))).len(), 1);
        assert_eq!(view().moved(&nodes(json!([at("n1", "10.0.0.1")]))).len(), 1);
        assert_eq!(view().on_node("n2").collect::<Vec<_>>(), ["web"]);
    }
}
