//! The adapter: Consul behind the one trait.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use pilothouse_model::{
    BeatReading, BeatSource, BetaConfig, Capabilities, ConfigCapabilities, ConfigDocument, ConfigKey, ConfigListener, ConfigRevision,
    Expected, InstanceCapabilities, InstanceEdit, InstanceKey, Namespace, RegistryId, RegistryKind, Revision, ServiceKey, SourceReport,
    WatchWay, WatchWayKind,
};

use super::client::Client;
use super::watch::{self, Watched};
use super::{configs, mapping};
use crate::transport::{Clock, Endpoints, EndpointsConfig, EndpointsError, TlsConfig};
use crate::{ConfigPage, Entry, Registry, RegistryError, Secret, WatchEvent};

/// Connections to all endpoints together, idle ones included. Consul refuses the 201st from one address.
const CONNECTIONS: usize = 16;
/// For one exchange; with no leader Consul itself gives up after about ten seconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// Blocking queries never wait for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How a Consul cluster is reached.
#[derive(Clone, Debug)]
pub struct ConsulConfig {
    /// Its slug.
    pub id: RegistryId,
    /// Base URLs of servers or client agents (`http://10.0.0.1:8500`).
    pub urls: Vec<String>,
    /// The ACL token, where one is needed.
    pub token: Option<Secret>,
    /// The datacenter to show; the endpoints' own where none is named.
    pub datacenter: Option<String>,
    /// Trust and identity for `https`.
    pub tls: TlsConfig,
    /// How old the last proof of life may be. Blocking queries wait for half of it, and at most ten seconds.
    pub freshness_bound: Duration,
}

/// One Consul cluster.
pub struct ConsulRegistry {
    id: RegistryId,
    watched: Watched,
}

impl ConsulRegistry {
    /// Checks the settings. Connects to nothing yet.
    ///
    /// # Errors
    /// [`EndpointsError`] names the setting and what is allowed.
    pub fn new(config: ConsulConfig, clock: Clock) -> Result<Arc<Self>, EndpointsError> {
        let mut endpoints = EndpointsConfig::new(config.urls, "Consul");
        endpoints.tls = config.tls;
        endpoints.request_timeout = PATIENCE;
        endpoints.max_connections = CONNECTIONS;
        let client = Arc::new(Client::new(Endpoints::new(endpoints, clock)?, config.token));
        let watched = Watched {
            client,
            registry: config.id.clone(),
            datacenter: config.datacenter,
            wait: (config.freshness_bound / 2).min(LONGEST_WAIT),
        };
        Ok(Arc::new(Self { id: config.id, watched }))
    }

    fn client(&self) -> &Client {
        &self.watched.client
    }
}

#[async_trait]
impl Registry for ConsulRegistry {
    fn id(&self) -> &RegistryId {
        &self.id
    }

    fn kind(&self) -> RegistryKind {
        RegistryKind::Consul
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            instances: InstanceCapabilities { weight: false, enabled: true, metadata: false, deregister: true },
            configs: ConfigCapabilities { read: true, write: true, delete: true, history: false, listeners: false, beta: false },
            beats: BeatSource::Never,
            unhealthy_phase: true,
        }
    }

    fn report(&self) -> SourceReport {
        let Client { endpoints, state, .. } = self.client();
        let following = state.is_following();
        let way = |kind, detail: &str, in_force, within: Duration| WatchWay {
            kind,
            detail: detail.into(),
            in_force,
            within_ms: i64::try_from(within.as_millis()).unwrap_or(i64::MAX),
        };
        SourceReport {
            version: state.version(),
            endpoints: endpoints.statuses(),
            ways: vec![
                way(WatchWayKind::Push, "blocking queries on the catalog and the critical checks", following, Duration::from_secs(1)),
                way(WatchWayKind::Sweep, "what these do not name: node by node", false, super::sweep::LONGEST_REST),
            ],
            requests_per_minute: endpoints.requests_per_minute(),
            connections: Some(endpoints.connections()),
            login: state.login(),
            answers: state.answers(),
            problems: state.problems(),
        }
    }

    fn watch(self: Arc<Self>) -> BoxStream<'static, Result<WatchEvent, RegistryError>> {
        watch::watch(self.watched.clone())
    }

    async fn service(&self, service: &ServiceKey) -> Result<Vec<Entry>, RegistryError> {
        let rows = self.client().health(service.scope.namespace.as_str(), &service.name).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let instances = rows.iter().map(|row| Entry::Instance(row.instance(service)));
        Ok(std::iter::once(Entry::Service(mapping::service(service.clone()))).chain(instances).collect())
    }

    async fn beats(&self, _: &ServiceKey) -> Result<Vec<BeatReading>, RegistryError> {
        Err(RegistryError::Unsupported("the time of the last beat"))
    }

    async fn edit_instance(&self, instance: &InstanceKey, edit: &InstanceEdit) -> Result<(), RegistryError> {
        self.client().edit_instance(instance, edit).await
    }

    async fn deregister(&self, instance: &InstanceKey) -> Result<(), RegistryError> {
        self.client().deregister(instance).await
    }

    async fn configs(&self, namespace: &Namespace, cursor: Option<&str>) -> Result<ConfigPage, RegistryError> {
        self.client().configs(&configs::scope(&self.id, namespace), cursor).await
    }

    async fn config(&self, key: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError> {
        self.client().config(key).await
    }

    async fn put_config(&self, key: &ConfigKey, content: &str, _: Option<&str>, expected: &Expected) -> Result<Revision, RegistryError> {
        self.client().put_config(key, content, expected).await
    }

    async fn delete_config(&self, key: &ConfigKey, expected: &Revision) -> Result<(), RegistryError> {
        self.client().delete_config(key, expected).await
    }

    async fn config_history(&self, _: &ConfigKey, _: usize) -> Result<Vec<ConfigRevision>, RegistryError> {
        Err(RegistryError::Unsupported("the history of a config"))
    }

    async fn config_listeners(&self, _: &ConfigKey) -> Result<Vec<ConfigListener>, RegistryError> {
        Err(RegistryError::Unsupported("the listeners of a config"))
    }

    async fn beta(&self, _: &ConfigKey) -> Result<Option<BetaConfig>, RegistryError> {
        Err(RegistryError::Unsupported("a gray publish"))
    }

    async fn put_beta(&self, _: &ConfigKey, _: &str, _: &[String]) -> Result<(), RegistryError> {
        Err(RegistryError::Unsupported("a gray publish"))
    }

    async fn stop_beta(&self, _: &ConfigKey) -> Result<(), RegistryError> {
        Err(RegistryError::Unsupported("a gray publish"))
    }
}
