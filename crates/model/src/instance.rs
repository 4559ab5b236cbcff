//! One running copy of a service, as its registry describes it.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Fingerprint, Health, Heartbeat, ServiceKey, fingerprint};

/// The registry's own name of an instance inside its service and cluster: an instance id, or `ip:port` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(transparent)]
pub struct LocalInstanceId(pub Arc<str>);

impl Display for LocalInstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one instance of one service of one registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct InstanceKey {
    /// The service.
    pub service: ServiceKey,
    /// The cluster in it (Nacos), empty where the registry knows none.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub cluster: Arc<str>,
    /// Its name there.
    pub instance: LocalInstanceId,
}

impl InstanceKey {
    /// The id that stands in URLs, frames and SQL. It does not change when the instance registers anew.
    #[must_use]
    pub fn id(&self) -> Fingerprint {
        let service = self.service.id().0.to_i64().to_le_bytes();
        fingerprint([&service[..], self.cluster.as_bytes(), self.instance.0.as_bytes()])
    }
}

/// An instance as its registry describes it now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// Its name and place.
    pub key: InstanceKey,
    /// IP address or host name.
    pub host: String,
    /// TCP port; 0 where the registry knows none.
    pub port: u16,
    /// Share of traffic, in the registry's own unit (Nacos: 0 to 10,000, usually 1).
    pub weight: f64,
    /// Whether it takes traffic. `false` is a person's decision.
    pub enabled: bool,
    /// Whether it vanishes by itself when it stops proving alive. `None` where the registry does not tell.
    pub ephemeral: Option<bool>,
    /// Its health, with provenance.
    pub health: Health,
    /// Its heartbeat rules.
    pub heartbeat: Heartbeat,
    /// Changes when the instance registers anew, where the registry lets that be seen (a create index, a lease).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incarnation: Option<String>,
    /// What it says of itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

impl Instance {
    /// The zone it says it runs in, by the usual metadata keys.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.first_of(&["zone", "availability-zone", "topology.kubernetes.io/zone", "az"])
    }

    /// The version it says it is, by the usual metadata keys.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.first_of(&["version", "app.version", "app.kubernetes.io/version"])
    }

    /// `host:port`, an IPv6 host in brackets; the host alone when there is no port.
    #[must_use]
    pub fn address(&self) -> String {
        match (self.port, self.host.contains(':')) {
            (0, _) => self.host.clone(),
            (port, true) => format!("[{}]:{port}", self.host),
            (port, false) => format!("{}:{port}", self.host),
        }
    }

    fn first_of(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.metadata.get(*key)).map(String::as_str).filter(|value| !value.is_empty())
    }
}
