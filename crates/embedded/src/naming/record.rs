//! The naming facts that survive a restart. Ephemeral instances are none: their clients register again.

use serde::{Deserialize, Serialize};

use super::{Edit, EditTarget, Metadata, Registration, ServiceKey};

/// What somebody wrote about a service on purpose. A service that only has instances has none, and then is never
/// protected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Definition {
    /// Share of healthy instances at and below which clients are shown all as healthy.
    pub(crate) protect_threshold: f32,
    pub(crate) metadata: Metadata,
}

impl Definition {
    /// The threshold as the decimal that was written: 0.8 and not 0.800000011920929.
    pub(crate) fn threshold(&self) -> f64 {
        // The shortest decimal of any finite number is a number.
        self.protect_threshold.to_string().parse().unwrap_or(0.0)
    }
}

/// One durable change of the naming state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "naming", rename_all = "snake_case")]
pub(crate) enum NamingRecord {
    /// A service was created or redefined.
    Service { key: ServiceKey, ephemeral: bool, definition: Definition },
    /// A service was deleted, and every edit on its instances with it.
    ServiceGone { key: ServiceKey },
    /// A persistent instance was registered.
    Instance { key: ServiceKey, registration: Registration },
    /// A persistent instance was deregistered.
    InstanceGone { key: ServiceKey, target: EditTarget },
    /// An operator's edit was written.
    Edited { key: ServiceKey, target: EditTarget, edit: Edit },
    /// An edit's instance stayed away too long.
    EditGone { key: ServiceKey, target: EditTarget },
}

impl NamingRecord {
    /// The service it is about.
    pub(crate) fn key(&self) -> &ServiceKey {
        match self {
            Self::Service { key, .. }
            | Self::ServiceGone { key }
            | Self::Instance { key, .. }
            | Self::InstanceGone { key, .. }
            | Self::Edited { key, .. }
            | Self::EditGone { key, .. } => key,
        }
    }
}
