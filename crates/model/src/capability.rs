//! What a registry can do. The pages show nothing it cannot.

use serde::{Deserialize, Serialize};

/// Everything a console may ask of a registry, and whether this one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// What can be written on an instance.
    pub instances: InstanceCapabilities,
    /// What can be done with configs.
    pub configs: ConfigCapabilities,
    /// Whether and how the last beat of an instance is told.
    pub beats: BeatSource,
    /// Whether an instance can be unhealthy before it is gone. Without that, vanishing is the incident.
    pub unhealthy_phase: bool,
}

/// What can be written on an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct InstanceCapabilities {
    /// Its weight.
    pub weight: bool,
    /// Whether it takes traffic.
    pub enabled: bool,
    /// Its metadata.
    pub metadata: bool,
    /// Taking it out of the registry.
    pub deregister: bool,
}

/// What can be done with configs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConfigCapabilities {
    /// List and get.
    pub read: bool,
    /// Put with an expected revision.
    pub write: bool,
    /// Delete.
    pub delete: bool,
    /// Past revisions.
    pub history: bool,
    /// Who listens, and to which content.
    pub listeners: bool,
    /// A gray publish to chosen addresses.
    pub beta: bool,
}

/// Whether the last beat of an instance is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum BeatSource {
    /// No: `late` does not exist there, and no beat is drawn.
    Never,
    /// Yes, a service at a time.
    PerService,
    /// Yes, an instance at a time: within a budget.
    PerInstance,
}
