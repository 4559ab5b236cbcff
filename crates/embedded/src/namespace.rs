//! Namespaces. They only have names: instances and configs may be in one that was never created.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A namespace somebody created. The public one is not among them: it always exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Namespace {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
}

/// One durable change of the namespaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "namespace", rename_all = "snake_case")]
pub(crate) enum NamespaceRecord {
    /// Created or changed.
    Put { of: Namespace },
    /// Deleted. What is in it stays.
    Gone { id: String },
}

/// The namespaces in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Namespaces {
    known: BTreeMap<String, Namespace>,
}

impl Namespaces {
    pub(crate) fn get(&self, id: &str) -> Option<&Namespace> {
        self.known.get(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Namespace> {
        self.known.values()
    }

    /// Applies a durable change.
    pub(crate) fn apply(&mut self, record: NamespaceRecord) {
        match record {
            NamespaceRecord::Put { of } => {
                self.known.insert(of.id.clone(), of);
            }
            NamespaceRecord::Gone { id } => {
                self.known.remove(&id);
            }
        }
    }

    /// The records that rebuild this state.
    pub(crate) fn records(&self) -> impl Iterator<Item = NamespaceRecord> {
        self.known.values().map(|of| NamespaceRecord::Put { of: of.clone() })
    }
}
