//! Lists and details of services, namespaces, and the server's own state.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{InstanceRecord, lenient};

/// A row of the paged service list, without instances.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct CountRow {
    pub(in super::super) name: String,
    pub(in super::super) group_name: String,
    #[serde(default)]
    pub(in super::super) ip_count: usize,
    #[serde(default)]
    pub(in super::super) healthy_instance_count: usize,
    /// Healthy/total is at or under the threshold. A text on the wire. It does not say that health is rewritten.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub(in super::super) trigger_flag: bool,
}

/// `/v1/ns/catalog/services`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct CountsPage {
    pub(in super::super) count: usize,
    pub(in super::super) service_list: Vec<CountRow>,
}

/// `/v1/ns/service/list`: names alone.
#[derive(Debug, Deserialize)]
pub(in super::super) struct NameList {
    pub(in super::super) count: usize,
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub(in super::super) doms: Vec<String>,
}

/// A row of the service list with instances (`withInstances=true`); its threshold is always 0 and says nothing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ServiceMembers {
    pub(in super::super) service_name: String,
    pub(in super::super) group_name: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub(in super::super) cluster_map: BTreeMap<String, Members>,
    #[serde(default, deserialize_with = "lenient::metadata")]
    pub(in super::super) metadata: BTreeMap<String, String>,
}

/// The instances of one cluster.
#[derive(Debug, Default, Deserialize)]
pub(in super::super) struct Members {
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub(in super::super) hosts: Vec<InstanceRecord>,
}

/// `/v3/{admin,console}/ns/service` and `/v2/ns/service`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ServiceDetail {
    #[serde(default, deserialize_with = "lenient::or_default")]
    cluster_map: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "lenient::metadata")]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    protect_threshold: f64,
    #[serde(default)]
    ephemeral: Option<bool>,
}

/// `/v1/ns/catalog/service`.
#[derive(Debug, Deserialize)]
pub(in super::super) struct V1ServiceDetail {
    service: V1Service,
    #[serde(default, deserialize_with = "lenient::or_default")]
    clusters: Vec<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct V1Service {
    #[serde(default)]
    protect_threshold: f64,
    #[serde(default, deserialize_with = "lenient::metadata")]
    metadata: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// What a service says of itself, from either plane.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Details {
    pub(in super::super) protect_threshold: f64,
    pub(in super::super) metadata: BTreeMap<String, String>,
    pub(in super::super) ephemeral: Option<bool>,
    pub(in super::super) clusters: Vec<String>,
}

impl From<ServiceDetail> for Details {
    fn from(detail: ServiceDetail) -> Self {
        Self {
            protect_threshold: detail.protect_threshold,
            metadata: detail.metadata,
            ephemeral: detail.ephemeral,
            clusters: detail.cluster_map.into_keys().collect(),
        }
    }
}

impl From<V1ServiceDetail> for Details {
    fn from(detail: V1ServiceDetail) -> Self {
        let mut clusters: Vec<_> = detail.clusters.into_iter().map(|cluster| cluster.name).collect();
        clusters.sort_unstable();
        clusters.dedup();
        Self { protect_threshold: detail.service.protect_threshold, metadata: detail.service.metadata, ephemeral: None, clusters }
    }
}

/// A row of a namespace list.
#[derive(Debug, Deserialize)]
pub(in super::super) struct NamespaceRow {
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub(in super::super) namespace: String,
}

/// The server's own state.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct State {
    #[serde(default)]
    pub(in super::super) version: Option<String>,
    #[serde(default)]
    pub(in super::super) startup_mode: Option<String>,
    /// Only the embedded registry has this: its own version.
    #[serde(default)]
    pub(in super::super) pilothouse: Option<Value>,
}
