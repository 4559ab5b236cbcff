//! The Ledger page.

use pilothouse_model::{Edited, Evidence, Liveness, Millis, Occurred, RegistryId, ServiceId};
use serde::{Deserialize, Serialize};

/// What to read from the ledger. Every field narrows; newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LedgerQuery {
    /// Not before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// Before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// Only this registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryId>,
    /// Only this service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// Only instances on this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Only changes to this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Liveness>,
    /// Only services or addresses that contain this text, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What to show; everything that is no plain fact by default.
    pub show: LedgerShow,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows wanted: 1 to 500; 100 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum LedgerShow {
    /// Transitions and edits.
    #[default]
    Transitions,
    /// Edits alone.
    Edits,
}

/// One page of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LedgerAnswer {
    /// The server's clock.
    pub now: Millis,
    /// Newest first.
    pub rows: Vec<LedgerRow>,
    /// Where the next page starts; `None` after the last one.
    pub next: Option<String>,
    /// Facts in the span asked for.
    pub facts: u64,
    /// Transitions in it.
    pub transitions: u64,
    /// Density over the span, at most 120 buckets of equal width.
    pub density: Vec<DensityBucket>,
    /// Spans in which this console was not running.
    pub gaps: Vec<Gap>,
}

/// One row: a transition, possibly one that a person caused, or an edit that left the liveness as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LedgerRow {
    /// Its number; grows with time of writing.
    pub id: i64,
    /// When.
    pub occurred: Occurred,
    /// In which registry.
    pub registry: RegistryId,
    /// Which service; `None`: the source itself.
    pub service: Option<ServiceId>,
    /// The service's namespace; empty for a source.
    pub namespace: String,
    /// The service's name; empty for a source.
    pub name: String,
    /// The instance's address; empty for a source.
    pub address: String,
    /// The instance's host; empty for a source.
    pub host: String,
    /// Before; `None`: not there.
    pub from: Option<Liveness>,
    /// After.
    pub to: Liveness,
    /// Who says so.
    pub evidence: Evidence,
}

impl LedgerRow {
    /// What a person changed, where the row tells of nothing else: the liveness stayed as it was.
    #[must_use]
    pub fn only_edit(&self) -> Option<&Edited> {
        match &self.evidence {
            Evidence::Edited { change: Some(change), .. } if self.from == Some(self.to) => Some(change),
            _ => None,
        }
    }
}

/// Facts and transitions of one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DensityBucket {
    /// Its start.
    pub start: Millis,
    /// Its width in milliseconds.
    pub width_ms: i64,
    /// Facts in it.
    pub facts: u32,
    /// Transitions by what they became.
    pub to: Vec<(Liveness, u32)>,
}

/// A span without us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The last moment we were there.
    pub from: Millis,
    /// The first moment we were there again.
    pub until: Millis,
}
