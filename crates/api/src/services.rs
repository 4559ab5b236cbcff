//! Services and instances as the pages show them.

use std::sync::Arc;

use pilothouse_model::{
    BeatVia, Capabilities, Evidence, Fingerprint, Freshness, Instance, Liveness, Millis, Namespace, RegistryId, Service, ServiceId,
};
use serde::{Deserialize, Serialize};

/// One service in a list: about 200 bytes of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceRow {
    /// Its id.
    pub id: ServiceId,
    /// Where it lives.
    pub registry: RegistryId,
    /// The namespace in it.
    pub namespace: Namespace,
    /// The group in it; empty where there is none.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub group: Arc<str>,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Arc<str>,
    /// The worst of its instances; `Up` for a service without any.
    pub liveness: Liveness,
    /// Since when it is so.
    pub since: Millis,
    /// Instances in rotation that are healthy; `None` when the source is stale.
    pub healthy: Option<u32>,
    /// Instances the registry lists.
    pub total: u32,
    /// Instances by version, most first; at most four.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<SharePart>,
    /// Instances by zone, by name; at most six.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<SharePart>,
    /// How its instances prove alive; `None` when they differ or there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<BeatVia>,
    /// Their beat interval in milliseconds, where it is told and the same for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_ms: Option<i64>,
    /// Changes of its liveness within the last hour, oldest first. Before the first one it was what that step says it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Step>,
}

/// A part of a whole: a version or a zone, how many instances, and their weight together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SharePart {
    /// Its name.
    pub name: String,
    /// Instances in it.
    pub count: u32,
    /// Sum of the weights of those in rotation.
    pub weight: f64,
}

/// One change of liveness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// When.
    pub at: Millis,
    /// Before; `None`: it was not there.
    pub from: Option<Liveness>,
    /// After.
    pub to: Liveness,
}

/// The Services page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServicesAnswer {
    /// The server's clock.
    pub now: Millis,
    /// The rows of this page, filtered and sorted as asked.
    pub rows: Vec<ServiceRow>,
    /// How many services match.
    pub matching: u32,
    /// How many services there are.
    pub total: u32,
    /// Where the next page starts; `None` after the last one.
    pub next: Option<String>,
}

/// One instance as the Service page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct InstanceRow {
    /// Its id, for actions.
    pub id: Fingerprint,
    /// As its registry describes it; health already seen through the source's freshness.
    pub instance: Instance,
    /// How it is doing.
    pub liveness: Liveness,
    /// Since when.
    pub since: Millis,
    /// When it was last there; set on a ghost row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Millis>,
    /// Changes of its liveness within the last hour, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryStep>,
}

/// One change of an instance's liveness with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", from = "FlatHistoryStep")]
pub struct HistoryStep {
    /// What changed, when.
    #[serde(flatten)]
    pub step: Step,
    /// Who says so.
    pub evidence: Evidence,
}

/// A [`HistoryStep`] as it is read: spelled out, because reading a flattened struct keeps every value aside first.
#[derive(Deserialize)]
struct FlatHistoryStep {
    at: Millis,
    from: Option<Liveness>,
    to: Liveness,
    evidence: Evidence,
}

impl From<FlatHistoryStep> for HistoryStep {
    fn from(FlatHistoryStep { at, from, to, evidence }: FlatHistoryStep) -> Self {
        Self { step: Step { at, from, to }, evidence }
    }
}

/// The Service page, and the body of the topic `service:{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceAnswer {
    /// The server's clock.
    pub now: Millis,
    /// Its summary.
    pub row: ServiceRow,
    /// As its registry describes it; `None` once it is gone and only ghosts remain.
    pub service: Option<Service>,
    /// Freshness of the source.
    pub freshness: Freshness,
    /// What its registry can do.
    pub capabilities: Capabilities,
    /// Its instances and ghosts, by cluster and address.
    pub instances: Vec<InstanceRow>,
    /// Services of the same name elsewhere.
    pub elsewhere: Vec<ServiceRow>,
}
