//! Deciding a publish, a deletion or the end of a beta.

use super::{Beta, ConfigError, ConfigItem, ConfigKey, ConfigRecord, Configs, MAX_CONTENT, md5_hex};

/// All contents together, formal and gray, may not exceed this: they are kept in memory.
const MAX_TOTAL: usize = 1024 * 1024 * 1024;
const MAX_TAGS: usize = 5;
const MAX_TAG: usize = 64;
const MAX_DESCRIPTION: usize = 128;
const MAX_BETA_IPS: usize = 4096;
const KINDS: [&str; 8] = ["text", "json", "xml", "yaml", "html", "properties", "toml", "unset"];

/// What somebody wants published.
#[derive(Clone, Debug, Default)]
pub(crate) struct Publish<'a> {
    pub(crate) content: &'a str,
    /// What the publisher believes the present md5 to be. Not looked at for a beta, nor when there is no content.
    pub(crate) cas_md5: Option<&'a str>,
    /// Publish as gray content for these client addresses.
    pub(crate) beta_ips: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) app: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) tags: Option<&'a str>,
    pub(crate) source_ip: &'a str,
}

impl Publish<'_> {
    fn check(&self) -> Result<(), ConfigError> {
        if self.content.trim().is_empty() {
            return Err(ConfigError::BlankContent(self.content.to_owned()));
        }
        if self.content.len() > MAX_CONTENT {
            return Err(ConfigError::ContentTooLarge);
        }
        if let Some(tags) = self.tags {
            if tags.split(',').count() > MAX_TAGS {
                return Err(ConfigError::TooManyTags);
            }
            if tags.split(',').any(|tag| tag.chars().count() > MAX_TAG) {
                return Err(ConfigError::LongTag);
            }
        }
        if self.description.is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
            return Err(ConfigError::LongDescription);
        }
        if self.beta_ips.is_some_and(|ips| ips.len() > MAX_BETA_IPS) {
            return Err(ConfigError::LongBetaIps);
        }
        Ok(())
    }

    fn kind(&self) -> String {
        self.kind.filter(|kind| KINDS.contains(kind)).unwrap_or("text").to_owned()
    }
}

impl Configs {
    /// Decides a publish, formal or gray.
    pub(crate) fn publish(&self, key: &ConfigKey, publish: &Publish<'_>, now: i64) -> Result<ConfigRecord, ConfigError> {
        publish.check()?;
        if self.bytes + publish.content.len() > MAX_TOTAL {
            return Err(ConfigError::Full(MAX_TOTAL));
        }
        let row = self.last_row + 1;
        let source_ip = publish.source_ip.to_owned();
        let md5 = md5_hex(publish.content);
        let text = |given: Option<&str>| given.filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(ips) = text(publish.beta_ips) {
            let former = self.betas.get(key);
            let beta = Beta {
                id: former.map_or(self.last_id + 1, |beta| beta.id),
                content: publish.content.into(),
                md5: md5.into(),
                ips,
                kind: publish.kind(),
                app: publish.app.unwrap_or_default().to_owned(),
                modified_at: now,
                is_hidden: false,
            };
            return Ok(ConfigRecord::BetaPublished { key: key.clone(), beta, row, source_ip });
        }
        let former = self.items.get(key);
        let expected = publish.cas_md5.filter(|md5| !md5.is_empty());
        if let (Some(expected), Some(former)) = (expected, former)
            && expected != &*former.md5
        {
            return Err(ConfigError::CasConflict);
        }
        let item = ConfigItem {
            id: former.map_or(self.last_id + 1, |item| item.id),
            key: key.clone(),
            content: publish.content.into(),
            md5: md5.into(),
            kind: publish.kind(),
            app: text(publish.app).or_else(|| former.map(|item| item.app.clone())).unwrap_or_default(),
            description: text(publish.description),
            tags: text(publish.tags).or_else(|| former.and_then(|item| item.tags.clone())),
            created_by_ip: former.map_or_else(|| source_ip.clone(), |item| item.created_by_ip.clone()),
            created_at: former.map_or(now, |item| item.created_at),
            modified_at: now,
        };
        Ok(ConfigRecord::Published { item, row, source_ip })
    }

    /// Decides a deletion; `None` when there is nothing to delete.
    pub(crate) fn delete(&self, key: &ConfigKey, source_ip: &str, now: i64) -> Option<ConfigRecord> {
        self.items.contains_key(key).then(|| ConfigRecord::Deleted {
            key: key.clone(),
            row: self.last_row + 1,
            source_ip: source_ip.to_owned(),
            at: now,
        })
    }

    /// Decides the end of a beta; `None` when there is none.
    pub(crate) fn stop_beta(&self, key: &ConfigKey, source_ip: &str, now: i64) -> Option<ConfigRecord> {
        self.betas.contains_key(key).then(|| ConfigRecord::BetaStopped {
            key: key.clone(),
            row: self.last_row + 1,
            source_ip: source_ip.to_owned(),
            at: now,
        })
    }
}
