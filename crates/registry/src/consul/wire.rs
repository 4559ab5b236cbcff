//! What Consul writes, as far as it is read here. Lists and maps may be `null`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// `/v1/catalog/services`: names and the tags of all instances.
pub(super) type Services = BTreeMap<String, Option<Vec<String>>>;

/// One row of `/v1/catalog/nodes`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Node {
    pub(super) node: String,
    #[serde(default)]
    pub(super) address: String,
}

/// One row of `/v1/health/service/:service`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HealthRow {
    pub(super) node: Node,
    pub(super) service: Registration,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) checks: Vec<Check>,
}

/// One instance as its agent, or whoever registered it, describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Registration {
    #[serde(rename = "ID")]
    pub(super) id: String,
    pub(super) service: String,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) address: String,
    #[serde(default)]
    pub(super) port: i64,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) meta: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) weights: Option<Weights>,
    #[serde(default)]
    pub(super) create_index: u64,
    #[serde(default)]
    pub(super) modify_index: u64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Weights {
    pub(super) passing: f64,
}

/// One check, of an instance or (with an empty service id) of a node.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Check {
    pub(super) node: String,
    #[serde(rename = "CheckID")]
    pub(super) check_id: String,
    pub(super) status: String,
    #[serde(default, rename = "ServiceID")]
    pub(super) service_id: String,
    #[serde(default)]
    pub(super) service_name: String,
    #[serde(default, rename = "Type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) interval: String,
}

/// `/v1/catalog/node-services/:node`; `null` for a node that is not there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NodeServices {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) services: Vec<Registration>,
}

/// One row of `/v1/kv/:key`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyRow {
    #[serde(default)]
    pub(super) flags: u64,
    /// Base64.
    pub(super) value: Option<String>,
    pub(super) modify_index: u64,
}

/// `/v1/agent/self`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AgentSelf {
    pub(super) config: AgentConfig,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AgentConfig {
    pub(super) node_name: String,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
