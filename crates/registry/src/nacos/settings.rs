//! What has to be known to connect to one Nacos cluster.

use std::net::SocketAddr;
use std::time::Duration;

use pilothouse_model::{RegistryId, RegistryKind};

use crate::Secret;
use crate::transport::TlsConfig;

/// One Nacos cluster, or one embedded registry, which speaks the same.
#[derive(Clone, Debug)]
pub struct NacosConfig {
    /// Its slug.
    pub id: RegistryId,
    /// `Nacos`, or `Embedded` for Pilothouse's own registry, which tells last beats in its lists and pushes at once.
    pub kind: RegistryKind,
    /// Base URLs with the context path: `http://10.0.0.1:8848/nacos`. The console plane of 3.x has none.
    pub urls: Vec<String>,
    /// Which API the servers speak; `None` finds out by asking, never from a port number.
    pub plane: Option<Plane>,
    /// The namespaces to watch, by id; `None` lists them. The empty id and `public` are one.
    pub namespaces: Option<Vec<String>>,
    /// User name and password, where the servers want a login.
    pub login: Option<(String, Secret)>,
    /// Trust and identity for `https`.
    pub tls: TlsConfig,
    /// Where the servers reach us with UDP: the address they are told, and bound here too, where it is one of this
    /// machine's. Port 0 takes a free one. `None` does without push.
    pub push_address: Option<SocketAddr>,
    /// How long no proof of life may be missing; polls that stand in for a long poll come well inside it.
    pub freshness_bound: Duration,
}

impl NacosConfig {
    /// The defaults: plane and namespaces found by asking, no login, no push, 15 s.
    #[must_use]
    pub fn new(id: RegistryId, kind: RegistryKind, urls: Vec<String>) -> Self {
        Self {
            id,
            kind,
            urls,
            plane: None,
            namespaces: None,
            login: None,
            tls: TlsConfig::default(),
            push_address: None,
            freshness_bound: Duration::from_secs(15),
        }
    }
}

/// A family of paths with one meaning of its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plane {
    /// `/v1` and `/v2`, as 1.x and 2.x and the embedded registry speak them.
    V1,
    /// `/v3/admin`, on the servers' own port of 3.x; the client paths of `/v1` stand beside it up to 3.1.
    V3Admin,
    /// `/v3/console`, on the console's port of 3.x: no client paths, so neither push nor long poll nor last beats.
    V3Console,
}

impl Plane {
    /// The prefix of the paths that 3.x has under the same names on both its planes.
    pub(super) fn v3_prefix(self) -> Option<&'static str> {
        match self {
            Self::V1 => None,
            Self::V3Admin => Some("/v3/admin"),
            Self::V3Console => Some("/v3/console"),
        }
    }

    /// Whether the client paths of `/v1` may stand beside it.
    pub(super) fn may_have_client_paths(self) -> bool {
        self != Self::V3Console
    }
}
