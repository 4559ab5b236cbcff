//! Health is never a bare boolean: it says who said so.

use serde::{Deserialize, Serialize};

use crate::{Freshness, Millis};

/// What is known of an instance's health, and from whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "from", rename_all = "camelCase")]
pub enum Health {
    /// The registry says so.
    Reported {
        /// What it says.
        healthy: bool,
    },
    /// The registry reports something else, from which this follows by its own rules (a lease that runs, a worst check).
    Derived {
        /// What follows.
        healthy: bool,
    },
    /// A protection of the registry rewrites health for consumers; this is what the registry itself knows, if it tells.
    Overridden {
        /// Which protection is at work.
        by: Protection,
        /// What the registry knows underneath.
        healthy: Option<bool>,
    },
    /// Neither good nor bad.
    Unknown {
        /// Why nothing is known.
        why: UnknownHealth,
    },
}

/// A registry's own mechanism that rewrites health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Protection {
    /// Nacos: healthy/total is at or under the service's protect threshold.
    ProtectThreshold,
    /// Eureka: too few renewals, nothing is evicted.
    SelfPreservation,
}

/// Why health is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum UnknownHealth {
    /// The source gave no proof of life within its freshness bound; the moment of the last one.
    StaleSince(Millis),
    /// The only view we may read is one whose health is rewritten by a protection.
    ProtectedView,
}

impl Health {
    /// What the registry itself knows, whether or not a protection hides it. `None` when unknown.
    #[must_use]
    pub fn healthy(self) -> Option<bool> {
        match self {
            Self::Reported { healthy } | Self::Derived { healthy } => Some(healthy),
            Self::Overridden { healthy, .. } => healthy,
            Self::Unknown { .. } => None,
        }
    }

    /// The same health seen through a source of this freshness: a stale source knows nothing.
    #[must_use]
    pub fn seen_through(self, freshness: Freshness) -> Self {
        match freshness {
            Freshness::Live { .. } => self,
            Freshness::Stale { since } => Self::Unknown { why: UnknownHealth::StaleSince(since) },
            Freshness::Never => Self::Unknown { why: UnknownHealth::StaleSince(Millis(0)) },
        }
    }
}
