//! Actions on an instance.

use pilothouse_model::{InstanceEdit, Readback};
use serde::{Deserialize, Serialize};

use crate::InstanceRow;

/// Change weight, enabled or metadata of an instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditRequest {
    /// What to change.
    pub edit: InstanceEdit,
    /// The fields of `edit` as the person saw them. If the registry says otherwise by now, nothing is written.
    pub seen: InstanceEdit,
    /// Why; kept in the audit.
    #[serde(default)]
    pub reason: String,
}

/// Take an instance out of its registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeregisterRequest {
    /// Why; kept in the audit.
    #[serde(default)]
    pub reason: String,
}

/// What the registry showed when it was read again after the write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EditAnswer {
    /// Whether the change was there.
    pub readback: Readback,
    /// The instance as read back; `None`: it is not there.
    pub instance: Option<InstanceRow>,
    /// The audit row.
    pub audit: String,
}
