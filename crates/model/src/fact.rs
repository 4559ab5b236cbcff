//! Facts: what the ledger stores, and from which everything about the past is derived.

use serde::{Deserialize, Serialize};

use crate::{Actor, Fingerprint, Freshness, Instance, InstanceEdit, InstanceKey, Millis, RegistryId, Service, ServiceKey, fingerprint};

/// One thing that became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// When it happened, as far as is known.
    pub occurred: Occurred,
    /// From which registry it is known.
    pub registry: RegistryId,
    /// What.
    pub body: FactBody,
}

/// When something happened. After an outage of the console everything is *seen* at once and happened somewhere in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Occurred {
    /// The registry's own time, if it tells one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
    /// When this console saw it.
    pub seen: Millis,
    /// Not before this moment: the last look that still showed the old state.
    pub not_before: Millis,
    /// Not after this moment: the look that showed the new one.
    pub not_after: Millis,
}

impl Occurred {
    /// The moment by which it is sorted: the registry's own, or the end of the interval.
    #[must_use]
    pub fn moment(&self) -> Millis {
        self.at.unwrap_or(self.not_after)
    }
}

/// What became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "camelCase")]
pub enum FactBody {
    /// A service appeared or changed.
    ServiceApplied {
        /// As it is now.
        service: Service,
    },
    /// A service is gone.
    ServiceDeleted {
        /// Which.
        service: ServiceKey,
    },
    /// An instance appeared or changed in anything but its last beat.
    InstanceApplied {
        /// As it is now, without the time of its last beat.
        instance: Box<Instance>,
    },
    /// An instance is gone.
    InstanceDeleted {
        /// Which.
        instance: InstanceKey,
    },
    /// A source became live or stale.
    Freshness {
        /// As it is now.
        freshness: Freshness,
    },
    /// A person changed or deregistered an instance through this console, and it was read back.
    Edited {
        /// By whom.
        actor: Actor,
        /// Which.
        instance: InstanceKey,
        /// What was asked for; `None` is a deregistration.
        edit: Option<InstanceEdit>,
        /// What the registry showed afterwards.
        readback: Readback,
    },
}

/// What reading the registry after a write showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Readback {
    /// The change is there.
    Confirmed,
    /// The registry accepted it and does not show it (yet).
    NotYet,
}

impl FactBody {
    /// What the ledger deduplicates by: equal for equal contents about the same subject.
    ///
    /// `encoded` is the fact body as stored; encoding is the caller's, so that it happens once.
    #[must_use]
    pub fn digest(encoded: &[u8]) -> Fingerprint {
        fingerprint([encoded])
    }

    /// The service the fact is about, if it is about one.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceKey> {
        match self {
            Self::ServiceApplied { service } => Some(&service.key),
            Self::ServiceDeleted { service } => Some(service),
            Self::InstanceApplied { instance } => Some(&instance.key.service),
            Self::InstanceDeleted { instance } | Self::Edited { instance, .. } => Some(&instance.service),
            Self::Freshness { .. } => None,
        }
    }

    /// The instance the fact is about, if it is about one.
    #[must_use]
    pub fn instance(&self) -> Option<&InstanceKey> {
        match self {
            Self::InstanceApplied { instance } => Some(&instance.key),
            Self::InstanceDeleted { instance } | Self::Edited { instance, .. } => Some(instance),
            Self::ServiceApplied { .. } | Self::ServiceDeleted { .. } | Self::Freshness { .. } => None,
        }
    }
}
