//! Configs of a namespace, a page at a time.

use pilothouse_model::{ConfigHead, ConfigKey, Namespace, Revision, Scope};

use super::super::names::config_namespace;
use super::super::wire::{Envelope, Page, V1Config, V1Page, V3Config};
use super::{Configs, format_of, md5};
use crate::transport::Ask;
use crate::{ConfigPage, RegistryError};

/// Rows a page.
const PAGE: usize = 200;

impl Configs<'_> {
    /// The page that `cursor`, a page number, names. Nacos orders by its own row id.
    pub(in super::super) async fn list(&self, namespace: &Namespace, cursor: Option<&str>) -> Result<ConfigPage, RegistryError> {
        let page: usize = match cursor {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| *page > 0)
                .ok_or_else(|| RegistryError::Invalid { field: "cursor", why: "a page number is expected".into() })?,
        };
        let (tenant, group) = if self.is_v1() { ("tenant", "group") } else { ("namespaceId", "groupName") };
        let what = format!("the configs of namespace {namespace}");
        let ask = Ask::get(self.path("/v1/cs/configs", "/cs/config/list"), what)
            .query("search", "accurate")
            .query("dataId", "")
            .query(group, "")
            .query(tenant, config_namespace(namespace, self.plane))
            .query("appName", "")
            .query(if self.is_v1() { "config_tags" } else { "configTags" }, "")
            .query("pageNo", page.to_string())
            .query("pageSize", PAGE.to_string());
        let answer = self.session.ask(ask).await?.ok()?;
        let (total, heads): (usize, Vec<ConfigHead>) = if self.is_v1() {
            let page: V1Page<V1Config> = answer.json()?;
            (
                page.total_count,
                page.page_items
                    .into_iter()
                    .map(|row| self.head(namespace, row.data_id, &row.group, row.md5, row.content.as_deref(), row.format))
                    .collect(),
            )
        } else {
            let page = answer.json::<Envelope<Page<V3Config>>>()?.data.ok_or_else(|| answer.not_this_registry("a list without data"))?;
            (
                page.total_count,
                page.page_items
                    .into_iter()
                    .map(|row| self.head(namespace, row.data_id, &row.group_name, row.md5, row.content.as_deref(), row.format))
                    .collect(),
            )
        };
        let more = !heads.is_empty() && page * PAGE < total;
        Ok(ConfigPage { heads, next: more.then(|| (page + 1).to_string()) })
    }

    /// The lists of 1.x and 2.x carry contents and no md5, those of 3.x the other way round.
    fn head(
        &self,
        namespace: &Namespace,
        data_id: String,
        group: &str,
        told: Option<String>,
        content: Option<&str>,
        format: Option<String>,
    ) -> ConfigHead {
        let scope = Scope { registry: self.registry.clone(), namespace: namespace.clone(), group: group.into() };
        let told = told.filter(|told| !told.is_empty()).map(|told| Revision(told.into()));
        ConfigHead {
            key: ConfigKey { scope, data_id: data_id.into() },
            revision: told.or_else(|| content.map(md5)),
            format: format_of(format),
        }
    }
}
