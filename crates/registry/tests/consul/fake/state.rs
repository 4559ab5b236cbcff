//! A catalog, its checks and a KV store, with indexes that move as a real Consul's do.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use serde_json::{Map, Value, json};

use super::recorded::{Templates, filled};

pub(crate) struct State {
    pub(crate) index: u64,
    pub(crate) services_at: u64,
    pub(crate) checks_at: u64,
    pub(crate) nodes_at: u64,
    pub(crate) keys_at: u64,
    nodes: BTreeMap<String, String>,
    services: BTreeMap<(String, String), Registered>,
    checks: BTreeMap<(String, String), Checked>,
    pub(crate) keys: BTreeMap<String, Key>,
    templates: Templates,
}

struct Registered {
    name: String,
    fields: Value,
    created: u64,
    modified: u64,
}

struct Checked {
    service: String,
    status: String,
    kind: String,
    modified: u64,
}

pub(crate) struct Key {
    pub(crate) value: Vec<u8>,
    pub(crate) flags: u64,
    pub(crate) created: u64,
    pub(crate) modified: u64,
}

/// The node of the fake's own agent.
pub(crate) const AGENT: &str = "dev1";

impl State {
    pub(crate) fn new() -> Self {
        let mut state = Self {
            index: 10,
            services_at: 10,
            checks_at: 10,
            nodes_at: 10,
            keys_at: 1,
            nodes: BTreeMap::new(),
            services: BTreeMap::new(),
            checks: BTreeMap::new(),
            keys: BTreeMap::new(),
            templates: Templates::read(),
        };
        state.node(AGENT, "127.0.0.1", true);
        state.register(AGENT, &json!({ "Name": "consul", "ID": "consul", "Meta": { "version": "1.22.5" } }));
        state
    }

    pub(crate) fn node(&mut self, node: &str, address: &str, agent: bool) {
        self.index += 1;
        self.nodes_at = self.index;
        self.nodes.insert(node.into(), address.into());
        if agent && !self.checks.contains_key(&(node.into(), "serfHealth".into())) {
            self.check(node, "serfHealth", "", "passing", "");
        }
    }

    /// Takes the body of `/v1/agent/service/register`; the same again moves nothing.
    pub(crate) fn register(&mut self, node: &str, body: &Value) {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        let name = text("Name").unwrap();
        let id = text("ID").unwrap_or_else(|| name.clone());
        let mut fields = body.clone();
        let check = fields.as_object_mut().unwrap().remove("Check");
        let known = self.services.get(&(node.to_owned(), id.clone()));
        if known.is_none_or(|known| known.fields != fields) {
            self.index += 1;
            (self.services_at, self.nodes_at) = (self.index, self.index);
            let created = known.map_or(self.index, |known| known.created);
            self.services.insert((node.into(), id.clone()), Registered { name, fields, created, modified: self.index });
        }
        if let Some(check) = check {
            let kind = if check["TTL"].is_string() { "ttl" } else { "http" };
            let status = check["Status"].as_str().unwrap_or("critical");
            self.check(node, &format!("service:{id}"), &id, status, kind);
        }
    }

    pub(crate) fn check(&mut self, node: &str, check: &str, service: &str, status: &str, kind: &str) {
        self.index += 1;
        self.checks_at = self.index;
        let checked = Checked { service: service.into(), status: status.into(), kind: kind.into(), modified: self.index };
        self.checks.insert((node.into(), check.into()), checked);
    }

    pub(crate) fn set_check(&mut self, node: &str, check: &str, status: &str) {
        let Checked { service, kind, .. } = self.checks.remove(&(node.into(), check.into())).unwrap();
        self.check(node, check, &service, status, &kind);
    }

    pub(crate) fn uncheck(&mut self, node: &str, check: &str) {
        if self.checks.remove(&(node.into(), check.into())).is_some() {
            self.index += 1;
            self.checks_at = self.index;
        }
    }

    pub(crate) fn deregister(&mut self, node: &str, id: &str) -> bool {
        let known = self.services.remove(&(node.into(), id.into())).is_some();
        if known {
            self.index += 1;
            (self.services_at, self.nodes_at) = (self.index, self.index);
            let before = self.checks.len();
            self.checks.retain(|(on, _), check| on != node || check.service != id);
            if self.checks.len() != before {
                self.checks_at = self.index;
            }
        }
        known
    }

    pub(crate) fn holds(&self, node: &str, id: &str) -> bool {
        self.services.contains_key(&(node.to_owned(), id.to_owned()))
    }

    /// A server rebuilt from a snapshot: everything is there, all indexes are small again.
    pub(crate) fn rewind(&mut self) {
        (self.index, self.services_at, self.checks_at, self.nodes_at) = (5, 5, 5, 5);
    }

    pub(crate) fn list(&self) -> Value {
        let mut services: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for service in self.services.values() {
            let tags = services.entry(&service.name).or_default();
            tags.extend(service.fields["Tags"].as_array().into_iter().flatten().filter_map(Value::as_str));
        }
        services.into_iter().map(|(name, tags)| (name.to_owned(), json!(tags))).collect::<Map<_, _>>().into()
    }

    pub(crate) fn nodes(&self) -> Value {
        let row = |(name, address): (&String, &String)| filled(&self.templates.node, [("Node", json!(name)), ("Address", json!(address))]);
        self.nodes.iter().map(row).collect()
    }

    pub(crate) fn node_services(&self, node: &str) -> Value {
        if !self.nodes.contains_key(node) {
            return json!({ "Node": null, "Services": null });
        }
        let here = self.services.iter().filter(|((on, _), _)| on == node);
        json!({ "Node": {}, "Services": here.map(|((_, id), service)| self.service_row(id, service)).collect::<Vec<_>>() })
    }

    pub(crate) fn health(&self, name: &str) -> Value {
        let rows = self.services.iter().filter(|(_, service)| service.name == name).map(|((node, id), service)| {
            let node_row = filled(&self.templates.health["Node"], [("Node", json!(node)), ("Address", json!(self.nodes[node]))]);
            let checks = self.checks.iter().filter(|((on, _), check)| on == node && (check.service.is_empty() || check.service == *id));
            let checks: Vec<_> = checks.map(|((node, check_id), check)| self.check_row(node, check_id, check)).collect();
            filled(&self.templates.health, [("Node", node_row), ("Service", self.service_row(id, service)), ("Checks", json!(checks))])
        });
        rows.collect()
    }

    pub(crate) fn critical(&self) -> Value {
        let critical = self.checks.iter().filter(|(_, check)| check.status == "critical");
        critical.map(|((node, id), check)| self.check_row(node, id, check)).collect()
    }

    pub(crate) fn agent(&self) -> Value {
        let mut agent = self.templates.agent.clone();
        agent["Config"] = filled(&agent["Config"], [("NodeName", json!(AGENT))]);
        agent
    }

    pub(crate) fn key_row(&self, name: &str) -> Option<Value> {
        let key = self.keys.get(name)?;
        let value = if key.value.is_empty() { Value::Null } else { json!(base64::engine::general_purpose::STANDARD.encode(&key.value)) };
        Some(
            json!([{ "LockIndex": 0, "Key": name, "Flags": key.flags, "Value": value, "CreateIndex": key.created, "ModifyIndex": key.modified }]),
        )
    }

    fn service_row(&self, id: &str, service: &Registered) -> Value {
        let Registered { name, fields, created, modified } = service;
        let or = |field: &str, default: Value| if fields[field].is_null() { default } else { fields[field].clone() };
        filled(
            &self.templates.health["Service"],
            [
                ("ID", json!(id)),
                ("Service", json!(name)),
                ("Tags", or("Tags", json!([]))),
                ("Address", or("Address", json!(""))),
                ("Meta", or("Meta", Value::Null)),
                ("Port", or("Port", json!(0))),
                ("Weights", or("Weights", json!({ "Passing": 1, "Warning": 1 }))),
                ("CreateIndex", json!(created)),
                ("ModifyIndex", json!(modified)),
            ],
        )
    }

    fn check_row(&self, node: &str, id: &str, check: &Checked) -> Value {
        let service = self.services.get(&(node.to_owned(), check.service.clone())).map_or("", |service| &service.name);
        filled(
            &self.templates.check,
            [
                ("Node", json!(node)),
                ("CheckID", json!(id)),
                ("Status", json!(check.status)),
                ("ServiceID", json!(check.service)),
                ("ServiceName", json!(service)),
                ("Type", json!(check.kind)),
                ("ModifyIndex", json!(check.modified)),
            ],
        )
    }
}
