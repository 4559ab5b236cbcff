//! A config as it is stored.

use std::sync::Arc;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

/// Namespace (`tenant`, empty for the public one), group and data id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ConfigKey {
    pub(crate) tenant: Arc<str>,
    pub(crate) group: Arc<str>,
    pub(crate) data_id: Arc<str>,
}

impl ConfigKey {
    pub(crate) fn new(tenant: &str, group: &str, data_id: &str) -> Self {
        Self { tenant: tenant.into(), group: group.into(), data_id: data_id.into() }
    }
}

/// The formal content of a config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConfigItem {
    pub(crate) id: u64,
    pub(crate) key: ConfigKey,
    pub(crate) content: Arc<str>,
    /// Lower-case hex.
    pub(crate) md5: Arc<str>,
    /// `text`, `json`, `yaml`, …
    pub(crate) kind: String,
    pub(crate) app: String,
    pub(crate) description: Option<String>,
    /// Comma-separated.
    pub(crate) tags: Option<String>,
    pub(crate) created_by_ip: String,
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
}

/// A gray content that only some client addresses get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beta {
    pub(crate) id: u64,
    pub(crate) content: Arc<str>,
    pub(crate) md5: Arc<str>,
    /// Comma-separated client addresses, as published.
    pub(crate) ips: String,
    pub(crate) kind: String,
    pub(crate) app: String,
    pub(crate) modified_at: i64,
    /// The formal content was deleted since: nobody is served this beta until it is published again.
    pub(crate) is_hidden: bool,
}

impl Beta {
    /// Whether a client address gets this content.
    pub(crate) fn serves(&self, ip: &str) -> bool {
        !self.is_hidden && self.ips.split(',').any(|listed| listed.trim() == ip)
    }
}

/// The md5 of a content, lower-case hex.
pub(crate) fn md5_hex(content: &str) -> String {
    use std::fmt::Write;
    Md5::digest(content.as_bytes()).iter().fold(String::with_capacity(32), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
