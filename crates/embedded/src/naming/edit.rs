//! What an operator laid over an instance. It belongs to the address and cluster, not to one life of the
//! instance: a client that registers again keeps it, as in Nacos.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Address, Metadata};

/// The instance an edit is for. It need not be registered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct EditTarget {
    pub(crate) address: Address,
    pub(crate) cluster: Arc<str>,
}

/// An operator's whole word on one instance. What an update leaves out falls back to these defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Edit {
    pub(crate) weight: f64,
    pub(crate) enabled: bool,
    pub(crate) metadata: Metadata,
}

impl Default for Edit {
    fn default() -> Self {
        Self { weight: 1.0, enabled: true, metadata: Metadata::new() }
    }
}

/// A change of some of an edit's parts (`PATCH`).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Patch {
    pub(crate) weight: Option<f64>,
    pub(crate) enabled: Option<bool>,
    pub(crate) metadata: Option<Metadata>,
}

impl Patch {
    /// The edit after this patch: what is given replaces, the rest stays.
    pub(crate) fn over(self, edit: Edit) -> Edit {
        Edit {
            weight: self.weight.unwrap_or(edit.weight),
            enabled: self.enabled.unwrap_or(edit.enabled),
            metadata: self.metadata.unwrap_or(edit.metadata),
        }
    }
}
