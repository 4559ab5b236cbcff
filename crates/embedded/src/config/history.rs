//! What was. A row of an update or a deletion holds the content from *before* it; a row of an insertion the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ConfigKey;

/// Rows older than this are dropped, ms (30 days).
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// At most this many rows are kept, and …
const MAX_ROWS: usize = 100_000;
/// … at most this many bytes of content in them; the oldest go first.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// What happened to a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operation {
    Insert,
    Update,
    Delete,
}

impl Operation {
    /// As Nacos stores it, padded to ten characters.
    pub(crate) fn padded(self) -> &'static str {
        match self {
            Self::Insert => "I         ",
            Self::Update => "U         ",
            Self::Delete => "D         ",
        }
    }
}

/// One row of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HistoryRow {
    pub(crate) id: u64,
    pub(crate) config_id: u64,
    pub(crate) key: ConfigKey,
    pub(crate) app: String,
    pub(crate) kind: String,
    pub(crate) content: Arc<str>,
    pub(crate) md5: Arc<str>,
    pub(crate) operation: Operation,
    pub(crate) source_ip: String,
    pub(crate) at: i64,
    /// The client addresses, for a row about a gray content.
    pub(crate) beta_ips: Option<String>,
}

/// Bounded history, in the order things happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    rows: BTreeMap<u64, HistoryRow>,
    by_key: BTreeMap<ConfigKey, BTreeSet<u64>>,
    bytes: usize,
}

impl History {
    pub(super) fn push(&mut self, row: HistoryRow) {
        let oldest_kept = row.at.saturating_sub(KEPT_MS);
        self.bytes += row.content.len();
        self.by_key.entry(row.key.clone()).or_default().insert(row.id);
        self.rows.insert(row.id, row);
        while let Some((&id, oldest)) = self.rows.first_key_value() {
            if oldest.at >= oldest_kept && self.rows.len() <= MAX_ROWS && self.bytes <= MAX_BYTES {
                break;
            }
            self.remove(id);
        }
    }

    pub(crate) fn get(&self, id: u64) -> Option<&HistoryRow> {
        self.rows.get(&id)
    }

    /// The rows of one config, newest first.
    pub(crate) fn of(&self, key: &ConfigKey) -> impl DoubleEndedIterator<Item = &HistoryRow> {
        self.by_key.get(key).into_iter().flatten().rev().filter_map(|id| self.rows.get(id))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &HistoryRow> {
        self.rows.values()
    }

    fn remove(&mut self, id: u64) {
        let Some(row) = self.rows.remove(&id) else { return };
        self.bytes -= row.content.len();
        if let Some(ids) = self.by_key.get_mut(&row.key) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_key.remove(&row.key);
            }
        }
    }
}
