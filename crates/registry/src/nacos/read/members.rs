//! Every service with its instances in one list: the sweep. It shows everything but thresholds and who is ephemeral.

use std::collections::BTreeMap;

use pilothouse_model::{Instance, LocalInstanceId, Namespace, RegistryId, ServiceKey};

use super::super::Plane;
use super::super::names::naming_namespace;
use super::super::session::Session;
use super::super::wire::{InstanceRecord, Page, ServiceMembers};
use super::counts::{enveloped, key};
use crate::RegistryError;
use crate::transport::Ask;

/// Services a page, halved when an answer grows too large.
const PAGE: usize = 1_000;

/// The part of an instance that this list tells, to be compared with what is known.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Member {
    healthy: bool,
    enabled: bool,
    weight: f64,
    metadata: BTreeMap<String, String>,
}

/// The services of a namespace.
#[derive(Clone, Debug)]
pub(in super::super) struct Members {
    pub(in super::super) services: BTreeMap<ServiceKey, Listed>,
}

/// One service: what is written on it, and its members by cluster and name.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Listed {
    pub(in super::super) metadata: BTreeMap<String, String>,
    pub(in super::super) members: BTreeMap<(String, LocalInstanceId), Member>,
}

impl Members {
    /// Reads the whole list. `None` where this server cannot give it.
    pub(in super::super) async fn read(
        session: &Session,
        plane: Plane,
        registry: &RegistryId,
        namespace: &Namespace,
    ) -> Result<Option<Self>, RegistryError> {
        let mut services = BTreeMap::new();
        let (mut size, mut page) = (PAGE, 1);
        loop {
            let path = plane.v3_prefix().map_or_else(|| "/v1/ns/catalog/services".to_owned(), |prefix| format!("{prefix}/ns/service/list"));
            let ask = Ask::get(path, format!("the instances of namespace {namespace}"))
                .query("namespaceId", naming_namespace(namespace))
                .query("withInstances", "true")
                .query("pageNo", page.to_string())
                .query("pageSize", size.to_string());
            let answer = match session.ask(ask).await {
                Err(RegistryError::TooLarge { .. }) if size > 1 => {
                    (size, page) = (size / 2, 1);
                    services.clear();
                    continue;
                }
                Err(RegistryError::TooLarge { .. }) => return Ok(None),
                other => other?,
            };
            // 3.1 with its compatibility switches on, and versions before 1.3, have no such list.
            if matches!(answer.status, 400 | 404 | 410 | 500 | 501) {
                return Ok(None);
            }
            let answer = answer.ok()?;
            let rows = if plane == Plane::V1 { answer.json()? } else { enveloped::<Page<ServiceMembers>>(&answer)?.page_items };
            let read = rows.len();
            services.extend(rows.into_iter().map(|row| service(registry, namespace, row)));
            if read < size {
                return Ok(Some(Self { services }));
            }
            page += 1;
        }
    }
}

impl From<&Instance> for Member {
    fn from(instance: &Instance) -> Self {
        Self {
            healthy: instance.health.healthy().unwrap_or(false),
            enabled: instance.enabled,
            weight: instance.weight,
            metadata: instance.metadata.clone(),
        }
    }
}

fn service(registry: &RegistryId, namespace: &Namespace, row: ServiceMembers) -> (ServiceKey, Listed) {
    let mut members: BTreeMap<_, Member> = BTreeMap::new();
    for (cluster, list) in row.cluster_map {
        for record in list.hosts {
            let place = (cluster.clone(), record.local_id());
            let member = member(record);
            // The same choice as of a service's own reading: the better of two of one name.
            let rank = |member: &Member| (member.healthy, member.enabled, member.weight);
            if members.get(&place).is_none_or(|other| rank(&member) > rank(other)) {
                members.insert(place, member);
            }
        }
    }
    (key(registry, namespace, &row.group_name, &row.service_name), Listed { metadata: row.metadata, members })
}

fn member(record: InstanceRecord) -> Member {
    Member { healthy: record.says_healthy(), enabled: record.enabled, weight: record.weight, metadata: record.metadata }
}
