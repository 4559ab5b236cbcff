//! The shapes of a real Consul's rows, from its recorded answers.

use serde_json::Value;

const CATALOG: &str = include_str!("../../recorded/consul/catalog.jsonl");

/// The body of the first recorded answer to `path` that `fits`.
pub(crate) fn body(path: &str, fits: impl Fn(&Value) -> bool) -> Value {
    CATALOG
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|exchange| exchange["request"]["method"] == "GET" && exchange["request"]["path"] == path)
        .map(|exchange| serde_json::from_str::<Value>(exchange["response"]["body"].as_str().unwrap()).unwrap())
        .find(fits)
        .unwrap_or_else(|| panic!("no recorded answer to {path} fits"))
}

/// Rows to fill in: of a service's health, of a check, of a node.
pub(crate) struct Templates {
    pub(crate) health: Value,
    pub(crate) check: Value,
    pub(crate) node: Value,
    pub(crate) agent: Value,
}

impl Templates {
    pub(crate) fn read() -> Self {
        let health = body("/v1/health/service/web", |rows| rows[0].is_object())[0].clone();
        Self {
            check: health["Checks"][0].clone(),
            node: body("/v1/catalog/nodes", |_| true)[0].clone(),
            agent: body("/v1/agent/self", |_| true),
            health,
        }
    }
}

/// A copy of a recorded row with other values. A field the recording lacks is a mistake of the fake.
pub(crate) fn filled<const N: usize>(row: &Value, fields: [(&str, Value); N]) -> Value {
    let mut row = row.clone();
    for (name, value) in fields {
        let field = row.get_mut(name).unwrap_or_else(|| panic!("a real Consul has no {name} here"));
        *field = value;
    }
    row
}
