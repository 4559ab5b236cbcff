//! Configuration items of a registry.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Millis, Scope};

/// Names one config of one registry. For Consul the group is empty and `data_id` is the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigKey {
    /// Where it lives.
    #[serde(flatten)]
    pub scope: Scope,
    /// Its name.
    pub data_id: Arc<str>,
}

/// The registry's own name of one content: an md5 (Nacos), a modify index (Consul).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub Arc<str>);

/// What a writer believes the present state to be: a compare-and-set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The config does not exist.
    Absent,
    /// The config has this content.
    Present(Revision),
}

/// A config without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigHead {
    /// Its name.
    pub key: ConfigKey,
    /// Its present revision, where the list tells it.
    pub revision: Option<Revision>,
    /// `yaml`, `json`, …, where the registry knows.
    pub format: Option<String>,
}

/// A config with its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigDocument {
    /// Its name.
    pub key: ConfigKey,
    /// Its present revision.
    pub revision: Revision,
    /// Its text.
    pub content: String,
    /// `yaml`, `json`, …, where the registry knows.
    pub format: Option<String>,
}

/// One row of a config's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigRevision {
    /// The registry's id of the row.
    pub id: String,
    /// What happened.
    pub operation: ConfigOperation,
    /// When, by the registry's clock.
    pub at: Millis,
    /// By whom, where the registry knows.
    pub by: Option<String>,
    /// The content the row holds: for `Update` and `Delete` the one *before* the change, for `Create` the new one.
    /// `None` where the list does not carry it.
    pub content: Option<String>,
}

/// What a history row records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConfigOperation {
    /// First publish.
    Create,
    /// Content replaced.
    Update,
    /// Removed.
    Delete,
}

/// Who listens to a config, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigListener {
    /// Its address as the registry sees it.
    pub client: String,
    /// The revision it last confirmed.
    pub revision: Option<Revision>,
}

/// A gray publish in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BetaConfig {
    /// The addresses that get it.
    pub addresses: Vec<String>,
    /// What they get.
    pub document: ConfigDocument,
}
