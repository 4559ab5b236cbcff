//! What a person may change on an instance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a person changed: the fields of one edit, as they were and as they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    /// As they were.
    pub from: InstanceEdit,
    /// As they were asked for.
    pub to: InstanceEdit,
}

impl Edited {
    /// The same, of its metadata only what differs: what a row of the ledger keeps and shows.
    #[must_use]
    pub fn differences(&self) -> Self {
        let mut only = self.clone();
        if let (Some(from), Some(to)) = (&self.from.metadata, &self.to.metadata) {
            let without = |these: &BTreeMap<String, String>, those: &BTreeMap<String, String>| {
                these
                    .iter()
                    .filter(|(key, value)| those.get(*key) != Some(*value))
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect()
            };
            only.from.metadata = Some(without(from, to));
            only.to.metadata = Some(without(to, from));
        }
        only
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_metadata_only_what_differs_is_kept() {
        let metadata = |pairs: &[(&str, &str)]| Some(pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect());
        let edit = |pairs: &[(&str, &str)]| InstanceEdit { metadata: metadata(pairs), ..InstanceEdit::default() };
        let edited = Edited { from: edit(&[("a", "1"), ("b", "1"), ("c", "1")]), to: edit(&[("a", "1"), ("b", "2"), ("d", "1")]) };
        let kept = edited.differences();
        assert_eq!(kept.from, edit(&[("b", "1"), ("c", "1")]));
        assert_eq!(kept.to, edit(&[("b", "2"), ("d", "1")]));
    }
}
