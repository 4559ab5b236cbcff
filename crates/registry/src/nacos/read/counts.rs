//! The paged list of services with their counts: the cheapest thing that shows that something changed.

use std::collections::BTreeMap;

use pilothouse_model::{Namespace, RegistryId, Scope, ServiceKey};

use super::super::Plane;
use super::super::names::naming_namespace;
use super::super::session::Session;
use super::super::wire::{CountRow, CountsPage, Envelope, NameList, Page};
use crate::RegistryError;
use crate::transport::{Answer, Ask};

/// Rows a page: a registry of ten thousand services is two requests.
const PAGE: usize = 5_000;
/// Nacos pages over a map in no stable order: a list whose rows do not add up is read again this often.
const ATTEMPTS: usize = 3;

/// Which list the counts came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum CountsFrom {
    /// The catalog, or a v3 list.
    Catalog,
    /// The consumers' list of names: it has no counts, and the instances behind it no honest health.
    Names,
    /// Nothing may be read.
    Forbidden,
}

/// The services of one namespace.
#[derive(Clone, Debug)]
pub(in super::super) struct Counts {
    pub(in super::super) rows: BTreeMap<ServiceKey, CountRow>,
    pub(in super::super) from: CountsFrom,
    /// Whether every service is among the rows: then what is not, is gone.
    pub(in super::super) complete: bool,
}

impl Counts {
    /// Reads the whole list, from the consumers' side when the honest one is closed.
    pub(in super::super) async fn read(
        session: &Session,
        plane: Plane,
        registry: &RegistryId,
        namespace: &Namespace,
    ) -> Result<Self, RegistryError> {
        let mut counts = Self { rows: BTreeMap::new(), from: CountsFrom::Forbidden, complete: false };
        for _ in 0..ATTEMPTS {
            match counts.attempt(session, plane, registry, namespace).await {
                Err(RegistryError::Forbidden { .. }) if plane.may_have_client_paths() && plane != Plane::V1 => {
                    return names(session, registry, namespace).await;
                }
                Err(RegistryError::Forbidden { .. }) => {
                    return Ok(Self { rows: BTreeMap::new(), from: CountsFrom::Forbidden, complete: true });
                }
                Err(error) => return Err(error),
                Ok(()) if counts.complete => break,
                Ok(()) => {}
            }
        }
        Ok(counts)
    }

    async fn attempt(
        &mut self,
        session: &Session,
        plane: Plane,
        registry: &RegistryId,
        namespace: &Namespace,
    ) -> Result<(), RegistryError> {
        self.rows.clear();
        self.from = CountsFrom::Catalog;
        let mut page = 1;
        loop {
            let (total, rows) = read_page(session, plane, namespace, page).await?;
            let read = rows.len();
            for row in rows {
                self.rows.insert(key(registry, namespace, &row.group_name, &row.name), row);
            }
            self.complete = self.rows.len() >= total;
            if self.complete || read < PAGE {
                return Ok(());
            }
            page += 1;
        }
    }
}

async fn read_page(session: &Session, plane: Plane, namespace: &Namespace, page: usize) -> Result<(usize, Vec<CountRow>), RegistryError> {
    let path = plane.v3_prefix().map_or_else(|| "/v1/ns/catalog/services".to_owned(), |prefix| format!("{prefix}/ns/service/list"));
    let mut ask = Ask::get(path, format!("the services of namespace {namespace}")).query("namespaceId", naming_namespace(namespace));
    if plane == Plane::V1 {
        ask = ask.query("hasIpCount", "false").query("withInstances", "false");
    }
    let answer = session.ask(ask.query("pageNo", page.to_string()).query("pageSize", PAGE.to_string())).await?.ok()?;
    if plane == Plane::V1 {
        let page: CountsPage = answer.json()?;
        return Ok((page.count, page.service_list));
    }
    let page: Page<CountRow> = enveloped(&answer)?;
    Ok((page.total_count, page.page_items))
}

/// The consumers' list is split by group: only the default one and those that are named can be asked for, so this is
/// never complete.
async fn names(session: &Session, registry: &RegistryId, namespace: &Namespace) -> Result<Counts, RegistryError> {
    let group = "DEFAULT_GROUP";
    let ask = Ask::get("/v1/ns/service/list", format!("the names of services in namespace {namespace}"))
        .query("namespaceId", naming_namespace(namespace))
        .query("groupName", group)
        .query("pageNo", "1")
        .query("pageSize", PAGE.to_string());
    let answer = session.ask(ask).await?;
    if matches!(answer.status, 403 | 404 | 410) {
        return Ok(Counts { rows: BTreeMap::new(), from: CountsFrom::Forbidden, complete: true });
    }
    let list: NameList = answer.ok()?.json()?;
    let row = |name: String| CountRow { name, group_name: group.into(), ip_count: 0, healthy_instance_count: 0, trigger_flag: false };
    let complete = list.doms.len() >= list.count;
    let rows = list.doms.into_iter().map(|name| (key(registry, namespace, group, &name), row(name))).collect();
    Ok(Counts { rows, from: CountsFrom::Names, complete })
}

/// The data of a v3 answer that has to have some.
pub(super) fn enveloped<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, RegistryError> {
    let envelope: Envelope<T> = answer.json()?;
    let (code, message) = (envelope.code, envelope.message.unwrap_or_default());
    envelope.data.ok_or_else(|| answer.not_this_registry(format!("code {code} {message} without data")))
}

pub(super) fn key(registry: &RegistryId, namespace: &Namespace, group: &str, name: &str) -> ServiceKey {
    let scope = Scope { registry: registry.clone(), namespace: namespace.clone(), group: group.into() };
    ServiceKey { scope, name: name.into() }
}
