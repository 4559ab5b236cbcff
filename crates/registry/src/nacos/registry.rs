//! The adapter itself.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use parking_lot::Mutex;
use pilothouse_model::{
    BeatReading, BeatSource, BeatVia, BetaConfig, Capabilities, ConfigCapabilities, ConfigDocument, ConfigKey, ConfigListener,
    ConfigRevision, Expected, Instance, InstanceCapabilities, InstanceEdit, InstanceKey, Namespace, RegistryId, RegistryKind, Revision,
    ServiceKey, SourceProblem, SourceReport,
};

use super::beats::Budget;
use super::clients::Clients;
use super::configs::Configs;
use super::read::{CountsFrom, Namespaces, Reading};
use super::report::{Condition, ways};
use super::session::{Server, Session};
use super::wire::InstanceRecord;
use super::{NacosConfig, Plane, beats, edit, watch};
use crate::transport::{Clock, EndpointsError};
use crate::{ConfigPage, Entry, Registry, RegistryError, WatchEvent};

/// One Nacos cluster, or one embedded registry.
pub struct NacosRegistry {
    config: NacosConfig,
    session: Session,
    condition: Mutex<Condition>,
    clients: Mutex<Clients>,
    budget: Budget,
}

impl NacosRegistry {
    /// Checks the settings. Asks nothing yet. `clock` is the wall clock, for what people read.
    ///
    /// # Errors
    /// [`EndpointsError`] names the setting that is wrong.
    pub fn new(config: NacosConfig, clock: Clock) -> Result<Self, EndpointsError> {
        Ok(Self {
            session: Session::new(&config, clock)?,
            config,
            condition: Mutex::default(),
            clients: Mutex::default(),
            budget: Budget::default(),
        })
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn config(&self) -> &NacosConfig {
        &self.config
    }

    pub(super) fn slug(&self) -> &RegistryId {
        &self.config.id
    }

    /// The namespaces that were configured, or those there are.
    pub(super) async fn namespaces(&self, server: &Server) -> Result<Namespaces, RegistryError> {
        match &self.config.namespaces {
            None => Namespaces::read(&self.session, server.plane).await,
            Some(ids) => {
                let mut all: Vec<_> = ids.iter().map(Namespace::new).collect();
                all.sort_unstable();
                all.dedup();
                Ok(Namespaces { all, list_forbidden: false })
            }
        }
    }

    /// Reads one service from the side that is open.
    pub(super) async fn read_service(
        &self,
        server: &Server,
        key: &ServiceKey,
        from: CountsFrom,
        clusters: &[String],
    ) -> Result<Option<Reading>, RegistryError> {
        match from {
            CountsFrom::Names => Reading::read_protected(&self.session, key).await,
            CountsFrom::Catalog | CountsFrom::Forbidden => {
                let via = |record: &InstanceRecord| self.via(&record.local_id().0);
                Reading::read(&self.session, server.plane, key, clusters, &via).await
            }
        }
    }

    /// How the ephemeral instance at `ip:port` proves alive.
    pub(super) fn via(&self, address: &str) -> BeatVia {
        match self.config.kind {
            RegistryKind::Embedded => BeatVia::Http,
            _ => self.clients.lock().via(address),
        }
    }

    /// Asks which clients speak HTTP. Nothing is asked of the embedded registry, where all do.
    pub(super) async fn refresh_clients(&self, server: &Server) -> Result<(), RegistryError> {
        if self.config.kind != RegistryKind::Embedded {
            let listed = Clients::read(&self.session, server).await?;
            self.clients.lock().replace(listed);
        }
        Ok(())
    }

    pub(super) fn classify_clients<'a>(&self, instances: impl Iterator<Item = &'a Instance>) {
        self.clients.lock().settle(instances);
    }

    pub(super) fn set_problems(&self, problems: Vec<SourceProblem>) {
        self.condition.lock().problems = problems;
    }

    pub(super) fn set_pushing(&self, pushing: bool, namespaces: u32) {
        let mut condition = self.condition.lock();
        condition.pushing = Some(pushing);
        condition.namespaces = namespaces;
    }

    pub(super) fn note_push(&self, failed: Option<&io::Error>) {
        self.condition.lock().no_socket = failed.map(ToString::to_string);
    }

    async fn read(&self, key: &ServiceKey) -> Result<(Server, Option<Reading>), RegistryError> {
        let server = self.session.server().await?;
        let protected = |problem: &SourceProblem| matches!(problem, SourceProblem::ProtectedView { .. });
        let from = if self.condition.lock().problems.iter().any(protected) { CountsFrom::Names } else { CountsFrom::Catalog };
        let honest = self.read_service(&server, key, CountsFrom::Catalog, &[]).await;
        let reading = match (honest, from) {
            (Err(RegistryError::Forbidden { .. }), CountsFrom::Names) => self.read_service(&server, key, from, &[]).await?,
            (honest, _) => honest?,
        };
        Ok((server, reading))
    }

    async fn instance(&self, key: &InstanceKey) -> Result<(Server, Instance), RegistryError> {
        let (server, reading) = self.read(&key.service).await?;
        let found = reading.and_then(|reading| reading.instances.into_iter().find(|instance| instance.key == *key));
        found
            .map(|instance| (server, instance))
            .ok_or_else(|| RegistryError::NotFound(format!("instance {} of {}", key.instance, key.service.name)))
    }

    async fn configs(&self) -> Result<Configs<'_>, RegistryError> {
        Ok(Configs { session: &self.session, plane: self.session.server().await?.plane, registry: &self.config.id })
    }

    /// The plane that was found, or, before, the one that was configured.
    fn plane(&self) -> Option<Plane> {
        self.session.known().map(|server| server.plane).or(self.config.plane)
    }
}

#[async_trait]
impl Registry for NacosRegistry {
    fn id(&self) -> &RegistryId {
        &self.config.id
    }

    fn kind(&self) -> RegistryKind {
        self.config.kind
    }

    /// Only the console plane of 3.x can do less, once it is known that it is one.
    fn capabilities(&self) -> Capabilities {
        let console = self.plane() == Some(Plane::V3Console);
        Capabilities {
            instances: InstanceCapabilities { weight: true, enabled: true, metadata: true, deregister: !console },
            configs: ConfigCapabilities { read: true, write: true, delete: true, history: true, listeners: true, beta: true },
            beats: match self.config.kind {
                RegistryKind::Embedded => BeatSource::PerService,
                _ if console => BeatSource::Never,
                _ => BeatSource::PerInstance,
            },
            unhealthy_phase: true,
        }
    }

    fn report(&self) -> SourceReport {
        let condition = self.condition.lock();
        let endpoints = self.session.endpoints();
        SourceReport {
            version: self.session.known().and_then(|server| server.version),
            endpoints: endpoints.statuses(),
            ways: ways(&self.config, &condition),
            requests_per_minute: endpoints.requests_per_minute(),
            connections: Some(endpoints.connections()),
            login: self.session.login(),
            answers: None,
            problems: condition.problems.clone(),
        }
    }

    fn watch(self: Arc<Self>) -> BoxStream<'static, Result<WatchEvent, RegistryError>> {
        watch::watch(self)
    }

    async fn service(&self, service: &ServiceKey) -> Result<Vec<Entry>, RegistryError> {
        Ok(self.read(service).await?.1.map(Reading::into_entries).unwrap_or_default())
    }

    async fn beats(&self, service: &ServiceKey) -> Result<Vec<BeatReading>, RegistryError> {
        let (server, reading) = self.read(service).await?;
        let instances = reading.map(|reading| reading.instances).unwrap_or_default();
        match self.config.kind {
            RegistryKind::Embedded => Ok(beats::listed(&instances)),
            _ if server.plane == Plane::V3Console => Err(RegistryError::Unsupported("the time of the last beat")),
            _ => beats::ask(&self.session, &server, &self.budget, &instances).await,
        }
    }

    async fn edit_instance(&self, instance: &InstanceKey, change: &InstanceEdit) -> Result<(), RegistryError> {
        let (server, before) = self.instance(instance).await?;
        edit::change(&self.session, server.plane, &before, change).await
    }

    async fn deregister(&self, instance: &InstanceKey) -> Result<(), RegistryError> {
        let (server, before) = self.instance(instance).await?;
        edit::deregister(&self.session, server.plane, &before).await
    }

    async fn configs(&self, namespace: &Namespace, cursor: Option<&str>) -> Result<ConfigPage, RegistryError> {
        self.configs().await?.list(namespace, cursor).await
    }

    async fn config(&self, key: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError> {
        self.configs().await?.get(key).await
    }

    async fn put_config(
        &self,
        key: &ConfigKey,
        content: &str,
        format: Option<&str>,
        expected: &Expected,
    ) -> Result<Revision, RegistryError> {
        self.configs().await?.put(key, content, format, expected).await
    }

    async fn delete_config(&self, key: &ConfigKey, expected: &Revision) -> Result<(), RegistryError> {
        self.configs().await?.delete(key, expected).await
    }

    async fn config_history(&self, key: &ConfigKey, limit: usize) -> Result<Vec<ConfigRevision>, RegistryError> {
        self.configs().await?.history(key, limit).await
    }

    async fn config_listeners(&self, key: &ConfigKey) -> Result<Vec<ConfigListener>, RegistryError> {
        self.configs().await?.listeners(key).await
    }

    async fn beta(&self, key: &ConfigKey) -> Result<Option<BetaConfig>, RegistryError> {
        self.configs().await?.beta(key).await
    }

    async fn put_beta(&self, key: &ConfigKey, content: &str, addresses: &[String]) -> Result<(), RegistryError> {
        self.configs().await?.put_beta(key, content, addresses).await
    }

    async fn stop_beta(&self, key: &ConfigKey) -> Result<(), RegistryError> {
        self.configs().await?.stop_beta(key).await
    }
}
