//! Applying records. Deterministic: the journal replayed gives the same state, history included.

use std::sync::Arc;

use super::{Beta, ConfigItem, ConfigKey, ConfigRecord, Configs, HistoryRow, Operation};

impl Configs {
    /// Applies a durable change. Never fails: it was decided before it was written.
    pub(crate) fn apply(&mut self, record: ConfigRecord) {
        match record {
            ConfigRecord::Published { item, row, source_ip } => {
                let at = item.modified_at;
                let former = self.insert(item.clone());
                let operation = if former.is_some() { Operation::Update } else { Operation::Insert };
                self.note(row, &former.unwrap_or(item), operation, source_ip, at);
            }
            ConfigRecord::Deleted { key, row, source_ip, at } => {
                if let Some(beta) = self.betas.get_mut(&key) {
                    beta.is_hidden = true;
                }
                if let Some(item) = self.remove(&key) {
                    self.note(row, &item, Operation::Delete, source_ip, at);
                }
            }
            ConfigRecord::BetaPublished { key, beta, row, source_ip } => {
                let at = beta.modified_at;
                let former = self.insert_beta(key.clone(), beta.clone());
                let operation = if former.is_some() { Operation::Update } else { Operation::Insert };
                self.note_beta(row, &key, &former.unwrap_or(beta), operation, source_ip, at);
            }
            ConfigRecord::BetaStopped { key, row, source_ip, at } => {
                if let Some(beta) = self.betas.remove(&key) {
                    self.bytes -= beta.content.len();
                    self.note_beta(row, &key, &beta, Operation::Delete, source_ip, at);
                }
            }
            ConfigRecord::Item { item } => {
                self.insert(item);
            }
            ConfigRecord::BetaItem { key, beta } => {
                self.insert_beta(key, beta);
            }
            ConfigRecord::Row { row } => {
                self.last_row = self.last_row.max(row.id);
                self.history.push(row);
            }
            ConfigRecord::Counters { id, row } => {
                self.last_id = self.last_id.max(id);
                self.last_row = self.last_row.max(row);
            }
        }
    }

    /// The records that rebuild this state.
    pub(crate) fn records(&self) -> impl Iterator<Item = ConfigRecord> {
        let counters = ConfigRecord::Counters { id: self.last_id, row: self.last_row };
        let items = self.items.values().map(|item| ConfigRecord::Item { item: item.clone() });
        let betas = self.betas.iter().map(|(key, beta)| ConfigRecord::BetaItem { key: key.clone(), beta: beta.clone() });
        let rows = self.history.rows().map(|row| ConfigRecord::Row { row: row.clone() });
        std::iter::once(counters).chain(items).chain(betas).chain(rows)
    }

    fn insert(&mut self, item: ConfigItem) -> Option<ConfigItem> {
        self.last_id = self.last_id.max(item.id);
        self.bytes += item.content.len();
        self.by_id.insert(item.id, item.key.clone());
        let former = self.items.insert(item.key.clone(), item)?;
        self.bytes -= former.content.len();
        Some(former)
    }

    fn remove(&mut self, key: &ConfigKey) -> Option<ConfigItem> {
        let item = self.items.remove(key)?;
        self.by_id.remove(&item.id);
        self.bytes -= item.content.len();
        Some(item)
    }

    fn insert_beta(&mut self, key: ConfigKey, beta: Beta) -> Option<Beta> {
        self.last_id = self.last_id.max(beta.id);
        self.bytes += beta.content.len();
        let former = self.betas.insert(key, beta)?;
        self.bytes -= former.content.len();
        Some(former)
    }

    fn note(&mut self, row: u64, item: &ConfigItem, operation: Operation, source_ip: String, at: i64) {
        self.last_row = self.last_row.max(row);
        self.history.push(HistoryRow {
            id: row,
            config_id: item.id,
            key: item.key.clone(),
            app: item.app.clone(),
            kind: item.kind.clone(),
            content: Arc::clone(&item.content),
            md5: Arc::clone(&item.md5),
            operation,
            source_ip,
            at,
            beta_ips: None,
        });
    }

    fn note_beta(&mut self, row: u64, key: &ConfigKey, beta: &Beta, operation: Operation, source_ip: String, at: i64) {
        self.last_row = self.last_row.max(row);
        self.history.push(HistoryRow {
            id: row,
            config_id: beta.id,
            key: key.clone(),
            app: beta.app.clone(),
            kind: beta.kind.clone(),
            content: Arc::clone(&beta.content),
            md5: Arc::clone(&beta.md5),
            operation,
            source_ip,
            at,
            beta_ips: Some(beta.ips.clone()),
        });
    }
}
