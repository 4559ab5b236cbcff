//! What a service and an instance are called.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::GROUP_SEPARATOR;

/// A service: namespace, group and name. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ServiceKey {
    pub(crate) namespace: Arc<str>,
    pub(crate) group: Arc<str>,
    pub(crate) name: Arc<str>,
}

impl ServiceKey {
    pub(crate) fn new(namespace: &str, group: &str, name: &str) -> Self {
        Self { namespace: namespace.into(), group: group.into(), name: name.into() }
    }

    /// `group@@name`, as clients write it.
    pub(crate) fn grouped(&self) -> String {
        format!("{}{GROUP_SEPARATOR}{}", self.group, self.name)
    }
}

/// Where an instance listens. Within one service an address is one instance, whatever its cluster: that is how
/// Nacos 2 sees it, where an HTTP client *is* its address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) ip: Arc<str>,
    pub(crate) port: u16,
}

impl Address {
    pub(crate) fn new(ip: &str, port: u16) -> Self {
        Self { ip: ip.into(), port }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.ip, self.port)
    }
}
