//! The Overview page.

use pilothouse_model::{Liveness, Millis};
use serde::{Deserialize, Serialize};

use crate::{RegistryRow, ServiceRow};

/// Counts over everything the reader may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Services.
    pub services: u32,
    /// Instances the registries list; ghosts do not count.
    pub instances: u32,
    /// Registries connected.
    pub registries: u32,
    /// Registries whose view is live.
    pub live: u32,
    /// Services by liveness, in the order of [`Liveness::ALL`].
    pub by_liveness: [u32; Liveness::ALL.len()],
}

impl Totals {
    /// How many services are in this state.
    #[must_use]
    pub fn of(&self, liveness: Liveness) -> u32 {
        self.by_liveness[liveness as usize]
    }
}

/// The Overview page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OverviewAnswer {
    /// The server's clock.
    pub now: Millis,
    /// The counts.
    pub totals: Totals,
    /// Every registry, by id.
    pub registries: Vec<RegistryRow>,
    /// Failing services, worst and latest first; at most 20.
    pub failing: Vec<ServiceRow>,
    /// The first cells of the heat-map, by registry, namespace and name; the live stream brings the rest.
    pub cells: Vec<ServiceRow>,
    /// Latest changes that a person or a deploy made, newest first; at most 12.
    pub changes: Vec<ChangeRow>,
}

/// One change made by a person through this console, or seen in a registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    /// When.
    pub at: Millis,
    /// What kind.
    pub kind: crate::MarkKind,
    /// The service it touches.
    pub service: pilothouse_model::ServiceId,
    /// The service's name.
    pub name: String,
    /// What it was, in the registry's values ("1", "v1.42.3"); empty when it was not there.
    pub from: String,
    /// What it is.
    pub to: String,
    /// Who did it; `None`: outside this console.
    pub by: Option<String>,
}
