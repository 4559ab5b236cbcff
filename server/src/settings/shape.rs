//! What can be set. Unknown keys are errors.

use std::net::IpAddr;
use std::path::PathBuf;

use pilothouse_model::{RegistryId, RegistryKind};
use serde::Deserialize;

use super::SecretRef;

/// Everything. Each key may also come from `PILOTHOUSE__SECTION__KEY`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// How the console is served.
    pub(crate) server: ServerSettings,
    /// Where the past is kept.
    pub(crate) store: StoreSettings,
    /// What is logged.
    pub(crate) log: LogSettings,
    /// The registries to connect, in any order.
    pub(crate) registry: Vec<RegistrySettings>,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServerSettings {
    /// Address to listen on. Local mode allows loopback only.
    pub(crate) bind: IpAddr,
    /// Port; without one, 7070 or the next free one.
    pub(crate) port: Option<u16>,
    /// Path below which everything is served, such as `/pilothouse`.
    pub(crate) base_path: String,
    /// Host names under which the console may be reached, besides loopback names.
    pub(crate) hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub(crate) trusted_proxies: Vec<IpAddr>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { bind: IpAddr::from([127, 0, 0, 1]), port: None, base_path: String::new(), hosts: Vec::new(), trusted_proxies: Vec::new() }
    }
}

/// `[store]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StoreSettings {
    /// `postgres://…` as a secret reference, or a path of a SQLite file. Without one: `pilothouse.db` in the data directory.
    pub(crate) url: Option<SecretRef>,
    /// Path of a SQLite file.
    pub(crate) path: Option<PathBuf>,
    /// Days of facts kept: 1 to 3650.
    pub(crate) retention_days: u16,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self { url: None, path: None, retention_days: 30 }
    }
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogSettings {
    /// `text` or `json`.
    pub(crate) format: LogFormat,
    /// A filter such as `info` or `pilothouse_hub=debug,info`.
    pub(crate) level: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".into() }
    }
}

/// Format of log lines on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[[registry]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistrySettings {
    /// The immutable slug.
    pub(crate) id: RegistryId,
    /// Its name for people; the id by default.
    pub(crate) name: Option<String>,
    /// `nacos`, `consul` or `embedded`.
    pub(crate) kind: RegistryKind,
    /// Base URLs, one a server: `http://10.0.0.1:8848/nacos`.
    pub(crate) endpoints: Vec<String>,
    /// Nacos: namespaces to watch; all that can be listed by default.
    pub(crate) namespaces: Option<Vec<String>>,
    /// Nacos: user name. With `password`.
    pub(crate) user: Option<String>,
    /// Nacos: `env:NAME` or `file:PATH`.
    pub(crate) password: Option<SecretRef>,
    /// Consul: ACL token, `env:NAME` or `file:PATH`.
    pub(crate) token: Option<SecretRef>,
    /// Consul: datacenter; the agent's own by default.
    pub(crate) datacenter: Option<String>,
    /// Nacos: `v1`, `v3-admin` or `v3-console`; found by asking by default.
    pub(crate) plane: Option<String>,
    /// Nacos: this machine's address as the registry can reach it, for UDP push.
    pub(crate) push_address: Option<IpAddr>,
    /// Private CA, a PEM file.
    pub(crate) ca: Option<PathBuf>,
    /// Client certificate, a PEM file. With `client_key`.
    pub(crate) client_cert: Option<PathBuf>,
    /// Its key, a PEM file.
    pub(crate) client_key: Option<PathBuf>,
    /// Milliseconds without a proof of life after which its view is stale: 5,000 to 300,000.
    #[serde(default = "default_freshness_ms")]
    pub(crate) freshness_ms: i64,
}

fn default_freshness_ms() -> i64 {
    15_000
}
