//! From Consul's rows to instances.

use std::sync::Arc;

use pilothouse_model::{BeatVia, Health, Heartbeat, Instance, InstanceKey, LocalInstanceId, Service, ServiceKey};

use super::wire::{Check, HealthRow};

/// Puts a node into maintenance mode.
const NODE_MAINTENANCE: &str = "_node_maintenance";
/// Puts the instance whose id follows into maintenance mode.
pub(super) const SERVICE_MAINTENANCE: &str = "_service_maintenance:";
/// The check every node with a live agent has.
const GOSSIP: &str = "serfHealth";

impl Check {
    pub(super) fn is_node_maintenance(&self) -> bool {
        self.check_id == NODE_MAINTENANCE
    }

    fn is_maintenance(&self) -> bool {
        self.is_node_maintenance() || self.check_id.starts_with(SERVICE_MAINTENANCE)
    }
}

impl HealthRow {
    /// Whether an agent runs on the node. Without one, nobody corrects what is written to the catalog.
    pub(super) fn has_agent(&self) -> bool {
        self.checks.iter().any(|check| check.check_id == GOSSIP)
    }

    /// Unique among the instances of a service, and within the whole datacenter.
    pub(super) fn local_id(&self) -> LocalInstanceId {
        LocalInstanceId(format!("{}/{}", self.node.node, self.service.id).into())
    }

    /// The instance it describes.
    pub(super) fn instance(&self, service: &ServiceKey) -> Instance {
        let Self { node, service: registration, checks } = self;
        let critical = checks.iter().any(|check| check.status == "critical" && !check.is_maintenance());
        let mut metadata = registration.meta.clone();
        if !registration.tags.is_empty() {
            metadata.entry("tags".into()).or_insert_with(|| registration.tags.join(","));
        }
        Instance {
            key: InstanceKey { service: service.clone(), cluster: Arc::from(""), instance: self.local_id() },
            host: if registration.address.is_empty() { node.address.clone() } else { registration.address.clone() },
            port: u16::try_from(registration.port).unwrap_or(0),
            weight: registration.weights.map_or(1.0, |weights| weights.passing),
            enabled: !checks.iter().any(Check::is_maintenance),
            // A check may be set to deregister its critical service after a while, but no list tells.
            ephemeral: None,
            health: Health::Derived { healthy: !critical },
            heartbeat: heartbeat(checks),
            incarnation: Some(registration.create_index.to_string()),
            metadata,
        }
    }
}

/// The instance's own checks tell how it is watched. A TTL check does not tell its period.
fn heartbeat(checks: &[Check]) -> Heartbeat {
    let own = || checks.iter().filter(|check| !check.service_id.is_empty() && !check.is_maintenance());
    if own().any(|check| check.kind == "ttl") {
        return Heartbeat::untold(BeatVia::Ttl);
    }
    if own().next().is_none() {
        return Heartbeat::untold(BeatVia::Nothing);
    }
    let interval_ms = own().filter_map(|check| go_duration_ms(&check.interval)).min();
    Heartbeat { interval_ms, ..Heartbeat::untold(BeatVia::Check) }
}

/// A service of which only the name is known: Consul keeps nothing on the service itself.
pub(super) fn service(key: ServiceKey) -> Service {
    Service { key, ephemeral: None, protect_threshold: None, protection: None, metadata: std::collections::BTreeMap::new() }
}

/// Go's notation of a duration ("1m30s", "500ms") in milliseconds.
fn go_duration_ms(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let unit = &tail[..tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len())];
        let factor = match unit {
            "h" => 3_600_000.0,
            "m" => 60_000.0,
            "s" => 1_000.0,
            "ms" => 1.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = &tail[unit.len()..];
    }
    #[expect(clippy::cast_possible_truncation, reason = "an interval of a check is far below 2^53 milliseconds")]
    (total > 0.0).then_some(total as i64)
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Namespace, Scope};
    use serde_json::json;

    use super::*;

    fn instance(service: &serde_json::Value, checks: &serde_json::Value) -> Instance {
        let row = json!({ "Node": { "Node": "n1", "Address": "10.0.0.1" }, "Service": service, "Checks": checks });
        let scope = Scope { registry: "c".parse().unwrap(), namespace: Namespace::new("dc1"), group: "".into() };
        let row: HealthRow = serde_json::from_value(row).unwrap();
        row.instance(&ServiceKey { scope, name: "web".into() })
    }

    fn check(id: &str, status: &str, service: &str) -> serde_json::Value {
        json!({ "Node": "n1", "CheckID": id, "Status": status, "ServiceID": service, "ServiceName": "web", "Type": "http", "Interval": "1m30s" })
    }

    #[test]
    fn a_bare_registration_is_filled_from_its_node() {
        let bare = instance(&json!({ "ID": "w1", "Service": "web", "Tags": null, "Meta": null, "Port": 0 }), &json!(null));
        assert_eq!((&*bare.key.instance.0, bare.address().as_str(), bare.weight), ("n1/w1", "10.0.0.1", 1.0));
        assert_eq!(bare.heartbeat, Heartbeat::untold(BeatVia::Nothing));
        assert_eq!(bare.health, Health::Derived { healthy: true });
    }

    #[test]
    fn health_is_the_worst_check_and_maintenance_is_no_health() {
        let cases = [
            (vec![("serfHealth", "passing", ""), ("c", "passing", "w1")], (true, true)),
            (vec![("serfHealth", "passing", ""), ("c", "warning", "w1")], (true, true)),
            (vec![("serfHealth", "passing", ""), ("c", "critical", "w1")], (false, true)),
            (vec![("serfHealth", "critical", ""), ("c", "passing", "w1")], (false, true)),
            (vec![("_service_maintenance:w1", "critical", "w1"), ("c", "passing", "w1")], (true, false)),
            (vec![("_node_maintenance", "critical", ""), ("c", "critical", "w1")], (false, false)),
        ];
        for (checks, (healthy, enabled)) in cases {
            let rows = checks.iter().map(|(id, status, service)| check(id, status, service)).collect::<Vec<_>>();
            let read = instance(&json!({ "ID": "w1", "Service": "web" }), &json!(rows));
            assert_eq!((read.health, read.enabled), (Health::Derived { healthy }, enabled), "{checks:?}");
            assert_eq!(read.heartbeat.interval_ms, checks.iter().any(|c| c.0 == "c").then_some(90_000));
        }
    }

    #[test]
    fn tags_are_metadata_unless_meta_says_otherwise() {
        let tagged = instance(&json!({ "ID": "w1", "Service": "web", "Tags": ["a", "b"], "Meta": { "zone": "z1" } }), &json!([]));
        assert_eq!(tagged.metadata, [("tags", "a,b"), ("zone", "z1")].map(|(k, v)| (k.into(), v.into())).into());
        let own = instance(&json!({ "ID": "w1", "Service": "web", "Tags": ["a"], "Meta": { "tags": "mine" } }), &json!([]));
        assert_eq!(own.metadata["tags"], "mine");
    }

    #[test]
    fn go_durations() {
        let cases = [
            ("10s", Some(10_000)),
            ("1h2m3s", Some(3_723_000)),
            ("1.5s", Some(1_500)),
            ("250ms", Some(250)),
            ("", None),
            ("0s", None),
            ("ten", None),
            ("5", None),
        ];
        for (text, ms) in cases {
            assert_eq!(go_duration_ms(text), ms, "{text}");
        }
    }
}
