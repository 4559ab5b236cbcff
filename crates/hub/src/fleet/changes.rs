//! Changes that a person or a deploy made, noticed by comparing what an instance was with what it is.

use std::collections::VecDeque;

use pilothouse_api::{ChangeRow, MarkKind};
use pilothouse_model::{Instance, Millis};

/// Changes kept.
const MAX_CHANGES: usize = 100;
/// Changes of the same kind to the same service within this time are one: a deploy, a shift over many instances.
const SAME_MS: i64 = 60_000;

/// The latest changes.
#[derive(Default)]
pub(crate) struct Changes {
    rows: VecDeque<ChangeRow>,
}

impl Changes {
    /// Notes a change. `false` when it continues one that is already there.
    pub(super) fn note(&mut self, row: ChangeRow) -> bool {
        let same =
            self.rows.iter_mut().rev().take(20).find(|known| {
                known.kind == row.kind && known.service == row.service && known.to == row.to && row.at.since(known.at) < SAME_MS
            });
        if let Some(known) = same {
            if known.by.is_none() {
                known.by = row.by;
            }
            return false;
        }
        if self.rows.len() == MAX_CHANGES {
            self.rows.pop_front();
        }
        self.rows.push_back(row);
        true
    }

    /// Newest first.
    pub(super) fn latest(&self) -> impl Iterator<Item = &ChangeRow> {
        self.rows.iter().rev()
    }
}

/// What differs between two descriptions of an instance that a person or a deploy decides: kind, before, after.
pub(super) fn differences(was: &Instance, is: &Instance) -> Vec<(MarkKind, String, String)> {
    let mut found = Vec::new();
    if was.enabled != is.enabled {
        let word = |enabled: bool| if enabled { "in" } else { "out" }.to_owned();
        found.push((MarkKind::Drain, word(was.enabled), word(is.enabled)));
    }
    if was.weight.total_cmp(&is.weight).is_ne() {
        found.push((MarkKind::Weight, was.weight.to_string(), is.weight.to_string()));
    }
    if was.version() != is.version() {
        found.push((MarkKind::Version, was.version().unwrap_or_default().into(), is.version().unwrap_or_default().into()));
    } else if was.metadata != is.metadata {
        let keys = |a: &Instance, b: &Instance| {
            let differing =
                a.metadata.iter().filter(|(key, value)| b.metadata.get(*key) != Some(value)).map(|(key, value)| format!("{key}={value}"));
            differing.collect::<Vec<_>>().join(" ").chars().take(80).collect::<String>()
        };
        found.push((MarkKind::Metadata, keys(was, is), keys(is, was)));
    }
    found
}

/// A row of one difference.
pub(super) fn row(at: Millis, instance: &Instance, (kind, from, to): (MarkKind, String, String), by: Option<String>) -> ChangeRow {
    let service = &instance.key.service;
    ChangeRow { at, kind, service: service.id(), name: service.name.to_string(), from, to, by }
}
