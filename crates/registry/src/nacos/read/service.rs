//! One service and its instances, from where health is honest.

use futures::{StreamExt, TryStreamExt, stream};
use pilothouse_model::{BeatVia, Health, Instance, Protection, Service, ServiceKey};

use super::super::Plane;
use super::super::names::{ask_service, grouped, naming_namespace};
use super::super::session::Session;
use super::super::wire::{
    ClientInstances, Details, InstancePage, InstanceRecord, Page, ServiceDetail, Trust, V1ServiceDetail, is_missing, one_of_each,
};
use super::counts::enveloped;
use super::protection::{Rewriting, mark};
use crate::transport::{Answer, Ask};
use crate::{Entry, RegistryError};

/// Instances a page.
const PAGE: usize = 1_000;
/// Clusters of one service that are read at once.
const CLUSTERS: usize = 4;

/// A service as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Reading {
    pub(in super::super) service: Service,
    /// In order of cluster and name, each name once.
    pub(in super::super) instances: Vec<Instance>,
}

impl Reading {
    /// Reads details, then each cluster. `expected` are clusters to be asked for meanwhile, to save a round trip. `None`:
    /// the service is not there. `via` tells how the instance at an `ip:port` proves alive.
    pub(in super::super) async fn read(
        session: &Session,
        plane: Plane,
        key: &ServiceKey,
        expected: &[String],
        via: &(dyn Fn(&InstanceRecord) -> BeatVia + Sync),
    ) -> Result<Option<Self>, RegistryError> {
        let ahead = read_clusters(session, plane, key, expected.to_vec(), via);
        let (details, ahead) = futures::join!(read_details(session, plane, key), ahead);
        let Some(details) = details? else { return Ok(None) };
        let mut instances = ahead?;
        instances.retain(|instance| details.clusters.iter().any(|cluster| **cluster == *instance.key.cluster));
        let others: Vec<_> = details.clusters.iter().filter(|cluster| !expected.contains(cluster)).cloned().collect();
        instances.extend(read_clusters(session, plane, key, others, via).await?);
        one_of_each(&mut instances);
        let rewritten = match Rewriting::of(details.protect_threshold, &instances) {
            Rewriting::No => false,
            Rewriting::Yes => true,
            Rewriting::PerhapsAsk => consumers_see_another(session, plane, key, &instances).await?,
        };
        if rewritten {
            mark(&mut instances);
        }
        let ephemeral = details.ephemeral.or_else(|| instances.first()?.ephemeral);
        let service = Service {
            key: key.clone(),
            ephemeral,
            protect_threshold: Some(details.protect_threshold),
            protection: rewritten.then_some(Protection::ProtectThreshold),
            metadata: details.metadata,
        };
        Ok(Some(Self { service, instances }))
    }

    /// Reads what consumers are told, for credentials that may read nothing else: health is unknown, and disabled
    /// instances are not there.
    pub(in super::super) async fn read_protected(session: &Session, key: &ServiceKey) -> Result<Option<Self>, RegistryError> {
        let Some(list) = consumers(session, key).await? else { return Ok(None) };
        let instance = |record: InstanceRecord| {
            let cluster = record.cluster().unwrap_or("DEFAULT").to_owned();
            record.into_instance(key, &cluster, BeatVia::Client, Trust::Rewritten)
        };
        let mut instances: Vec<_> = list.hosts.into_iter().map(instance).collect();
        one_of_each(&mut instances);
        let ephemeral = instances.first().and_then(|instance| instance.ephemeral);
        let service = Service { key: key.clone(), ephemeral, protect_threshold: None, protection: None, metadata: Default::default() };
        Ok(Some(Self { service, instances }))
    }

    /// The entries, the service first.
    pub(in super::super) fn into_entries(self) -> Vec<Entry> {
        std::iter::once(Entry::Service(self.service)).chain(self.instances.into_iter().map(Entry::Instance)).collect()
    }
}

async fn read_details(session: &Session, plane: Plane, key: &ServiceKey) -> Result<Option<Details>, RegistryError> {
    let path = plane.v3_prefix().map_or_else(|| "/v1/ns/catalog/service".to_owned(), |prefix| format!("{prefix}/ns/service"));
    let answer = session.ask(ask_service(Ask::get(path, format!("service {}", grouped(key))), key, plane)).await?;
    let Some(answer) = present(answer)? else { return Ok(None) };
    Ok(Some(match plane {
        Plane::V1 => answer.json::<V1ServiceDetail>()?.into(),
        Plane::V3Admin | Plane::V3Console => enveloped::<ServiceDetail>(&answer)?.into(),
    }))
}

async fn read_clusters(
    session: &Session,
    plane: Plane,
    key: &ServiceKey,
    clusters: Vec<String>,
    via: &(dyn Fn(&InstanceRecord) -> BeatVia + Sync),
) -> Result<Vec<Instance>, RegistryError> {
    let read = |cluster: String| async move {
        let records = read_cluster(session, plane, key, &cluster).await?;
        let instance = |record: InstanceRecord| {
            let via = via(&record);
            record.into_instance(key, &cluster, via, Trust::Honest)
        };
        Ok::<_, RegistryError>(records.into_iter().map(instance).collect::<Vec<_>>())
    };
    let all: Vec<_> = stream::iter(clusters).map(read).buffer_unordered(CLUSTERS).try_collect().await?;
    Ok(all.into_iter().flatten().collect())
}

/// An emptied cluster is "not found": it has no instances.
async fn read_cluster(session: &Session, plane: Plane, key: &ServiceKey, cluster: &str) -> Result<Vec<InstanceRecord>, RegistryError> {
    let path = plane.v3_prefix().map_or_else(|| "/v1/ns/catalog/instances".to_owned(), |prefix| format!("{prefix}/ns/instance/list"));
    let mut records = Vec::new();
    for page in 1.. {
        let ask = Ask::get(path.as_str(), format!("the instances of {}", grouped(key)));
        let mut ask = ask_service(ask, key, plane).query("clusterName", cluster);
        if plane != Plane::V3Admin {
            ask = ask.query("pageNo", page.to_string()).query("pageSize", PAGE.to_string());
        }
        let Some(answer) = present(session.ask(ask).await?)? else { break };
        let (rows, total): (Vec<InstanceRecord>, usize) = match plane {
            Plane::V1 => {
                let page: InstancePage = answer.json()?;
                (page.list, page.count)
            }
            Plane::V3Admin => (enveloped(&answer)?, 0),
            Plane::V3Console => {
                let page: Page<InstanceRecord> = enveloped(&answer)?;
                (page.page_items, page.total_count)
            }
        };
        let read = rows.len();
        records.extend(rows);
        if records.len() >= total || read < PAGE {
            break;
        }
    }
    Ok(records)
}

/// Whether the consumers' list calls an instance healthy that is not. Where that list cannot be read, nothing is claimed.
async fn consumers_see_another(session: &Session, plane: Plane, key: &ServiceKey, instances: &[Instance]) -> Result<bool, RegistryError> {
    if !plane.may_have_client_paths() {
        return Ok(false);
    }
    let Some(list) = consumers(session, key).await? else { return Ok(false) };
    let is_dead = |record: &InstanceRecord| {
        let id = record.local_id();
        instances.iter().any(|instance| instance.key.instance == id && instance.health == (Health::Reported { healthy: false }))
    };
    Ok(list.reach_protection_threshold || list.hosts.iter().any(|record| record.says_healthy() && is_dead(record)))
}

async fn consumers(session: &Session, key: &ServiceKey) -> Result<Option<ClientInstances>, RegistryError> {
    let ask = Ask::get("/v1/ns/instance/list", format!("the consumers' view of {}", grouped(key)))
        .query("namespaceId", naming_namespace(&key.scope.namespace))
        .query("serviceName", grouped(key));
    let answer = session.ask(ask).await?;
    if matches!(answer.status, 404 | 410) {
        return Ok(None);
    }
    Ok(Some(answer.ok()?.json()?))
}

/// The answer, unless it says that the thing asked for is not there.
fn present(answer: Answer) -> Result<Option<Answer>, RegistryError> {
    if answer.status != 200 && is_missing(answer.status, &answer.text()) { Ok(None) } else { answer.ok().map(Some) }
}
