//! The horizon: one hour of the whole fleet, on every page.

use pilothouse_model::{Liveness, Millis};
use serde::{Deserialize, Serialize};

/// The last hour. Body of the topic `horizon`; a delta carries only the buckets and marks that are new or changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Horizon {
    /// Minutes with transitions, by time.
    pub buckets: Vec<HorizonBucket>,
    /// Changes people made, by time.
    pub marks: Vec<HorizonMark>,
}

/// The transitions of one minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HorizonBucket {
    /// Start of the minute.
    pub minute: Millis,
    /// Transitions by what they became; only those that occurred.
    pub counts: Vec<(Liveness, u32)>,
}

/// A change on the horizon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HorizonMark {
    /// When.
    pub at: Millis,
    /// What kind.
    pub kind: MarkKind,
    /// What it touched: a service's name.
    pub label: String,
}

/// Kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum MarkKind {
    /// Weight of an instance.
    Weight,
    /// Taken out of or put back into rotation.
    Drain,
    /// Metadata of an instance.
    Metadata,
    /// Taken out of the registry.
    Deregister,
    /// Another version of a service appeared.
    Version,
    /// Instances were added or left on purpose.
    Scale,
}
