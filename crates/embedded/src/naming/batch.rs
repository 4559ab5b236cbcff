//! Metadata of many instances at once.

use std::sync::Arc;

use super::{EditTarget, Metadata, Naming, NamingRecord, ServiceKey};

/// What a batch does to the operator's metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchEdit {
    /// Lays the pairs over what is there.
    Merge,
    /// Takes the keys away.
    Remove,
}

impl Naming {
    /// The edits a batch makes: on `targets` that are registered, or on every instance when none is named. As in
    /// Nacos an instance without an edit gets one with weight 1 and enabled.
    pub(crate) fn batch(&self, key: &ServiceKey, targets: &[EditTarget], how: BatchEdit, metadata: &Metadata) -> Vec<NamingRecord> {
        let Some(service) = self.service(key) else { return Vec::new() };
        let all = || {
            let target = |entry: &super::service::Entry| EditTarget {
                address: entry.registration.address.clone(),
                cluster: Arc::clone(&entry.registration.cluster),
            };
            service.instances().map(target).collect::<Vec<_>>()
        };
        let targets = if targets.is_empty() { all() } else { targets.iter().filter(|target| service.has(target)).cloned().collect() };
        let record = |target: EditTarget| {
            let mut edit = service.edits.get(&target).cloned().unwrap_or_default();
            match how {
                BatchEdit::Merge => edit.metadata.extend(metadata.clone()),
                BatchEdit::Remove => edit.metadata.retain(|name, _| !metadata.contains_key(name)),
            }
            NamingRecord::Edited { key: key.clone(), target, edit }
        };
        targets.into_iter().map(record).collect()
    }
}
