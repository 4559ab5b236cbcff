//! The past of a config, and who listens to it.

use futures::{StreamExt, TryStreamExt, stream};
use pilothouse_model::{ConfigKey, ConfigListener, ConfigRevision, Revision};

use super::super::wire::{Envelope, Page, V1History, V1Listeners, V1Page, V3History, V3Listeners};
use super::Configs;
use crate::RegistryError;
use crate::transport::Ask;

/// The most rows a page of history holds.
const PAGE: usize = 500;
/// Rows whose content is read at once.
const AT_ONCE: usize = 4;

impl Configs<'_> {
    /// The latest rows, newest first, each with its content: that of *before* an update or a delete, and the new one of a
    /// create. Rows of gray publishes are passed over.
    pub(in super::super) async fn history(&self, key: &ConfigKey, limit: usize) -> Result<Vec<ConfigRevision>, RegistryError> {
        let what = format!("the history of {}", key.data_id);
        let ask = self.named(Ask::get(self.path("/v1/cs/history", "/cs/history/list"), what), key);
        let ask = ask.query("search", "accurate").query("pageNo", "1").query("pageSize", limit.clamp(1, PAGE).to_string());
        let answer = self.session.ask(ask).await?.ok()?;
        let rows: Vec<ConfigRevision> = if self.is_v1() {
            answer.json::<V1Page<V1History>>()?.page_items.into_iter().filter_map(V1History::into_revision).collect()
        } else {
            let page =
                answer.json::<Envelope<Page<V3History>>>()?.data.ok_or_else(|| answer.not_this_registry("a history without data"))?;
            page.page_items.into_iter().filter_map(V3History::into_revision).collect()
        };
        stream::iter(rows.into_iter().take(limit)).map(|row| self.with_content(key, row)).buffered(AT_ONCE).try_collect().await
    }

    /// The list has no contents. A row that is gone by now keeps none.
    async fn with_content(&self, key: &ConfigKey, mut row: ConfigRevision) -> Result<ConfigRevision, RegistryError> {
        if row.content.is_some() {
            return Ok(row);
        }
        let ask =
            Ask::get(self.path("/v1/cs/history", "/cs/history"), format!("a revision of {}", key.data_id)).query("nid", &row.id).any_text();
        let answer = self.session.ask(self.named(ask, key)).await?;
        if answer.status == 200 {
            let detail = if self.is_v1() {
                answer.json::<V1History>()?.into_revision()
            } else {
                answer.json::<Envelope<V3History>>()?.data.and_then(V3History::into_revision)
            };
            row.content = detail.and_then(|detail| detail.content);
        }
        Ok(row)
    }

    /// Listeners, by address: processes of one host hide each other, and the md5 of a gRPC client may lag one change behind.
    pub(in super::super) async fn listeners(&self, key: &ConfigKey) -> Result<Vec<ConfigListener>, RegistryError> {
        let ask = Ask::get(self.path("/v1/cs/configs/listener", "/cs/config/listener"), format!("the listeners of {}", key.data_id));
        let answer = self.session.ask(self.named(ask, key)).await?.ok()?;
        let by_address = if self.is_v1() {
            answer.json::<V1Listeners>()?.by_address
        } else {
            answer.json::<Envelope<V3Listeners>>()?.data.map(|listeners| listeners.by_address).unwrap_or_default()
        };
        let listener =
            |(client, md5): (String, String)| ConfigListener { client, revision: (!md5.is_empty()).then(|| Revision(md5.into())) };
        Ok(by_address.into_iter().map(listener).collect())
    }
}
