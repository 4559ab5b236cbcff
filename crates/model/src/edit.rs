//! What a person may change on an instance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A change of one instance; `None` leaves a field as it is. At least one field is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstanceEdit {
    /// New weight: finite, 0 to 10,000.
    pub weight: Option<f64>,
    /// Whether it takes traffic.
    pub enabled: Option<bool>,
    /// The whole new metadata, replacing the old.
    pub metadata: Option<BTreeMap<String, String>>,
}
