//! Gray publishes: a content for chosen addresses. Nacos compares nothing there, and a full publish leaves them standing.

use pilothouse_model::{BetaConfig, ConfigDocument, ConfigKey, Revision};

use super::super::wire::{Envelope, V1Beta, V3Config, is_missing};
use super::put::check;
use super::{Configs, format_of, md5};
use crate::RegistryError;
use crate::transport::Ask;

impl Configs<'_> {
    pub(in super::super) async fn beta(&self, key: &ConfigKey) -> Result<Option<BetaConfig>, RegistryError> {
        let ask = self.named(Ask::get(self.path("/v1/cs/configs", "/cs/config/beta"), format!("the gray publish of {}", key.data_id)), key);
        let ask = if self.is_v1() { ask.query("beta", "true") } else { ask };
        let answer = self.session.ask(ask).await?;
        if is_missing(answer.status, &answer.text()) {
            return Ok(None);
        }
        let answer = answer.ok()?;
        let found = if self.is_v1() {
            answer.json::<Envelope<V1Beta>>()?.data.map(|beta| (beta.beta_ips, beta.config.content, beta.config.md5, beta.config.format))
        } else {
            answer.json::<Envelope<V3Config>>()?.data.map(|beta| (beta.addresses(), beta.content, beta.md5, beta.format))
        };
        Ok(found.map(|(addresses, content, told, format)| {
            let content = content.unwrap_or_default();
            let revision = told.map_or_else(|| md5(&content), |told| Revision(told.into()));
            BetaConfig {
                addresses: addresses.split(',').map(str::trim).filter(|address| !address.is_empty()).map(str::to_owned).collect(),
                document: ConfigDocument { key: key.clone(), revision, content, format: format_of(format) },
            }
        }))
    }

    pub(in super::super) async fn put_beta(&self, key: &ConfigKey, content: &str, addresses: &[String]) -> Result<(), RegistryError> {
        check(content)?;
        let bad = |address: &String| address.trim().is_empty() || address.contains([',', '\r', '\n']) || !address.is_ascii();
        if addresses.is_empty() || addresses.iter().any(bad) {
            return Err(RegistryError::Invalid { field: "addresses", why: "one IP address or more, without commas".into() });
        }
        let stored = self.stored(key).await?;
        let ask = Ask::post(self.path("/v1/cs/configs", "/cs/config"), format!("the gray publish of {}", key.data_id))
            .header("betaIps", addresses.join(","));
        let answer = self.session.ask(ask.form(self.form(key, content, None, stored.as_ref()))).await?;
        self.done(answer)
    }

    /// Stopping what does not stand is no failure: it is as it was asked for.
    pub(in super::super) async fn stop_beta(&self, key: &ConfigKey) -> Result<(), RegistryError> {
        let ask = self.named(
            Ask::delete(self.path("/v1/cs/configs", "/cs/config/beta"), format!("the end of the gray publish of {}", key.data_id)),
            key,
        );
        let ask = if self.is_v1() { ask.query("beta", "true") } else { ask };
        let answer = self.session.ask(ask).await?;
        if is_missing(answer.status, &answer.text()) || answer.text().contains("remove beta data error") {
            return Ok(());
        }
        self.done(answer)
    }
}
