//! The one word for how an instance or a service is doing, and its changes.

use serde::{Deserialize, Serialize};

use crate::{Edited, InstanceKey, Occurred, RegistryId};

/// How an instance is doing; a service wears the worst of its instances. Ordered from quiet to alarming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Liveness {
    /// Healthy, says a live source.
    Up,
    /// Came back within the last five minutes.
    Returned,
    /// Left on purpose: disabled, weight 0, or deregistered by hand.
    Drained,
    /// A protection of the registry overrides health.
    Protected,
    /// The source is stale or shows only a protected view.
    Unknown,
    /// Four or more transitions within ten minutes.
    Flapping,
    /// A beat is overdue and the registry has not called it unhealthy yet.
    Late,
    /// The registry says unhealthy.
    Unhealthy,
    /// Evicted, vanished or expired.
    Removed,
}

impl Liveness {
    /// Every value, from quiet to alarming.
    pub const ALL: [Self; 9] = [
        Self::Up,
        Self::Returned,
        Self::Drained,
        Self::Protected,
        Self::Unknown,
        Self::Flapping,
        Self::Late,
        Self::Unhealthy,
        Self::Removed,
    ];

    /// Whether a person should look.
    #[must_use]
    pub fn is_failing(self) -> bool {
        matches!(self, Self::Flapping | Self::Late | Self::Unhealthy | Self::Removed)
    }

    /// The word used in URLs, SQL and `data-status`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Returned => "returned",
            Self::Drained => "drained",
            Self::Protected => "protected",
            Self::Unknown => "unknown",
            Self::Flapping => "flapping",
            Self::Late => "late",
            Self::Unhealthy => "unhealthy",
            Self::Removed => "removed",
        }
    }

    /// The inverse of [`Liveness::slug`].
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|liveness| liveness.slug() == slug)
    }
}

/// One change of an instance's liveness, or of a whole source's (then `instance` is `None`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transition {
    /// When.
    pub occurred: Occurred,
    /// In which registry.
    pub registry: RegistryId,
    /// Of which instance; `None`: of the source itself.
    pub instance: Option<InstanceKey>,
    /// Before; `None`: it was not there. An edit that changes something else leaves it as it is.
    pub from: Option<Liveness>,
    /// After; `None` never occurs for an instance (gone is `Removed` or `Drained`).
    pub to: Liveness,
    /// Who says so, and from what.
    pub evidence: Evidence,
}

/// On what a transition rests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "evidence", rename_all = "camelCase")]
pub enum Evidence {
    /// The registry's view showed it.
    Registry,
    /// Found when the console came back or a source was read again: it happened somewhere in the interval.
    FoundOnReturn,
    /// This console derived it: a beat is overdue.
    BeatOverdue,
    /// This console derived it: too many transitions.
    TooManyTransitions,
    /// This console derived it: the source gave no proof of life within its bound, or gives it again.
    Freshness,
    /// A person did it through this console.
    Edited {
        /// Who.
        by: String,
        /// What of it they changed; of metadata only what differs. `None`: they took it out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Box<Edited>>,
    },
}
