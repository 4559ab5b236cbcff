//! The configs themselves, and what a client is served of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::history::History;
use super::{Beta, ConfigItem, ConfigKey, HistoryRow};

/// One durable change of the config state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "config", rename_all = "snake_case")]
pub(crate) enum ConfigRecord {
    /// A formal content was published; the row of history follows from what was there before.
    Published { item: ConfigItem, row: u64, source_ip: String },
    /// A formal content was deleted.
    Deleted { key: ConfigKey, row: u64, source_ip: String, at: i64 },
    /// A gray content was published.
    BetaPublished { key: ConfigKey, beta: Beta, row: u64, source_ip: String },
    /// A gray content was taken back.
    BetaStopped { key: ConfigKey, row: u64, source_ip: String, at: i64 },
    /// A formal content as it stood when the journal was compacted.
    Item { item: ConfigItem },
    /// A gray content as it stood then.
    BetaItem { key: ConfigKey, beta: Beta },
    /// A row of history as it stood then.
    Row { row: HistoryRow },
    /// The numbers given out until then.
    Counters { id: u64, row: u64 },
}

/// What a client gets for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) content: Arc<str>,
    pub(crate) md5: Arc<str>,
    pub(crate) kind: String,
    pub(crate) modified_at: i64,
    pub(crate) is_beta: bool,
}

/// Every config, its gray contents and its history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configs {
    pub(super) items: BTreeMap<ConfigKey, ConfigItem>,
    pub(super) betas: BTreeMap<ConfigKey, Beta>,
    /// Config ids in the order they were made, which is the order of lists.
    pub(super) by_id: BTreeMap<u64, ConfigKey>,
    pub(super) history: History,
    pub(super) last_id: u64,
    pub(super) last_row: u64,
    /// Bytes in formal and gray contents together.
    pub(super) bytes: usize,
}

impl Configs {
    /// The formal content.
    pub(crate) fn item(&self, key: &ConfigKey) -> Option<&ConfigItem> {
        self.items.get(key)
    }

    /// The gray content.
    pub(crate) fn beta(&self, key: &ConfigKey) -> Option<&Beta> {
        self.betas.get(key)
    }

    /// What `ip` is served.
    pub(crate) fn served(&self, key: &ConfigKey, ip: &str) -> Option<Served> {
        if let Some(beta) = self.betas.get(key).filter(|beta| beta.serves(ip)) {
            return Some(Served {
                content: Arc::clone(&beta.content),
                md5: Arc::clone(&beta.md5),
                kind: beta.kind.clone(),
                modified_at: beta.modified_at,
                is_beta: true,
            });
        }
        self.items.get(key).map(|item| Served {
            content: Arc::clone(&item.content),
            md5: Arc::clone(&item.md5),
            kind: item.kind.clone(),
            modified_at: item.modified_at,
            is_beta: false,
        })
    }

    /// The md5 of what `ip` is served, empty for nothing.
    pub(crate) fn served_md5(&self, key: &ConfigKey, ip: &str) -> &str {
        let beta = self.betas.get(key).filter(|beta| beta.serves(ip)).map(|beta| &beta.md5);
        beta.or_else(|| self.items.get(key).map(|item| &item.md5)).map_or("", |md5| md5)
    }

    /// The configs of a namespace in the order of their keys.
    pub(crate) fn in_namespace<'a, 't>(&'a self, tenant: &'t str) -> impl Iterator<Item = &'a ConfigItem> + use<'a, 't> {
        let first = ConfigKey::new(tenant, "", "");
        self.items.range(first..).map(|(_, item)| item).take_while(move |item| &*item.key.tenant == tenant)
    }

    /// How many formal contents a namespace has.
    pub(crate) fn count(&self, tenant: &str) -> usize {
        self.in_namespace(tenant).count()
    }

    /// The config with an id.
    pub(crate) fn key_of(&self, id: u64) -> Option<&ConfigKey> {
        self.by_id.get(&id)
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }
}
