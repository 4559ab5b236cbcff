//! One config as it is in the registry's own store.

use pilothouse_model::{ConfigDocument, ConfigKey};

use super::super::wire::{Envelope, V1Config, V3Config, is_missing};
use super::{Configs, format_of, md5};
use crate::RegistryError;
use crate::transport::Ask;

/// A config and what a publish would reset if it were left out.
pub(super) struct Stored {
    pub(super) document: ConfigDocument,
    pub(super) app_name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Option<String>,
}

impl Configs<'_> {
    /// Reads a config, not a copy made for consumers: that one lags a publish, and may be a gray one.
    pub(in super::super) async fn get(&self, key: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError> {
        Ok(self.stored(key).await?.map(|stored| stored.document))
    }

    pub(super) async fn stored(&self, key: &ConfigKey) -> Result<Option<Stored>, RegistryError> {
        let ask = self.named(Ask::get(self.path("/v1/cs/configs", "/cs/config"), format!("config {}", key.data_id)), key).any_text();
        let ask = if self.is_v1() { ask.query("show", "all") } else { ask };
        let answer = self.session.ask(ask).await?;
        if is_missing(answer.status, &answer.text()) {
            return Ok(None);
        }
        let answer = answer.ok()?;
        if answer.body.is_empty() {
            return Ok(None);
        }
        let stored = if self.is_v1() {
            let Some(config) = answer.json::<Option<V1Config>>()? else { return Ok(None) };
            let V1Config { content, md5, format, app_name, desc, config_tags, .. } = config;
            (content, md5, format, app_name, desc, config_tags)
        } else {
            let Some(config) = answer.json::<Envelope<V3Config>>()?.data else { return Ok(None) };
            let V3Config { content, md5, format, app_name, desc, config_tags, .. } = config;
            (content, md5, format, app_name, desc, config_tags)
        };
        let (content, told, format, app_name, description, tags) = stored;
        let content = content.unwrap_or_default();
        let revision = told.filter(|told| !told.is_empty()).map_or_else(|| md5(&content), |told| pilothouse_model::Revision(told.into()));
        let document = ConfigDocument { key: key.clone(), revision, content, format: format_of(format) };
        Ok(Some(Stored { document, app_name, description, tags }))
    }
}
