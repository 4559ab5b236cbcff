//! The Registries page.

use pilothouse_model::{Capabilities, Freshness, Millis, RegistryId, RegistryKind, SourceReport};
use serde::{Deserialize, Serialize};

/// Every registry. Also the body of the topic `registries`; a delta carries only the rows that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegistriesAnswer {
    /// The server's clock.
    pub now: Millis,
    /// By id.
    pub registries: Vec<RegistryRow>,
}

/// One registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegistryRow {
    /// Its slug.
    pub id: RegistryId,
    /// Its name for people.
    pub name: String,
    /// Its protocol.
    pub kind: RegistryKind,
    /// Freshness of its view.
    pub freshness: Freshness,
    /// Its freshness bound in milliseconds.
    pub bound_ms: i64,
    /// When the view shown was last whole: on disk or live.
    pub view_of: Option<Millis>,
    /// Services in the view.
    pub services: u32,
    /// Instances in the view.
    pub instances: u32,
    /// Services under a protection of the registry.
    pub protected: u32,
    /// 95th percentile of the time from an event's receipt to its frame, in milliseconds, over the last minute.
    pub lag_p95_ms: Option<f64>,
    /// What its adapter reports.
    pub source: SourceReport,
    /// What it can do.
    pub capabilities: Capabilities,
    /// The last failure of its watch in words, and when; kept after a recovery.
    pub last_error: Option<(Millis, String)>,
    /// Failures of its watch since it was last live.
    pub failures: u32,
    /// When the watch is tried again, while it is not running.
    pub retry_at: Option<Millis>,
    /// The last hour, a point a minute, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hour: Vec<FreshnessPoint>,
}

/// One minute of a source.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FreshnessPoint {
    /// Start of the minute.
    pub minute: Millis,
    /// The greatest age of the last proof of life in it, milliseconds.
    pub age_ms: i64,
    /// Requests sent in it.
    pub requests: u32,
    /// Watch events received in it.
    pub events: u32,
}
