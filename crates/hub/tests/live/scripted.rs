//! A registry whose watch is told what to yield.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use parking_lot::Mutex;
use pilothouse_model::{
    BeatReading, BeatSource, BeatVia, BetaConfig, Capabilities, ConfigCapabilities, ConfigDocument, ConfigKey, ConfigListener,
    ConfigRevision, Expected, Health, Heartbeat, Instance, InstanceCapabilities, InstanceEdit, InstanceKey, LocalInstanceId, Millis,
    Namespace, RegistryId, RegistryKind, Revision, Scope, Service, ServiceKey, SourceReport,
};
use pilothouse_registry::{ConfigPage, Entry, Registry, RegistryError, WatchEvent};
use tokio::sync::mpsc;

type Item = Result<WatchEvent, RegistryError>;

/// Yields what it is sent. A new watch begins with whatever is sent next.
pub(crate) struct Scripted {
    id: RegistryId,
    script: Arc<Mutex<Option<mpsc::UnboundedReceiver<Item>>>>,
    pub(crate) watches: Mutex<u32>,
}

pub(crate) struct Director(mpsc::UnboundedSender<Item>);

impl Scripted {
    pub(crate) fn new(id: &str) -> (Arc<Self>, Director) {
        let (send, receive) = mpsc::unbounded_channel();
        let registry = Self { id: id.parse().unwrap(), script: Arc::new(Mutex::new(Some(receive))), watches: Mutex::new(0) };
        (Arc::new(registry), Director(send))
    }
}

impl Director {
    pub(crate) fn event(&self, event: WatchEvent) {
        self.0.send(Ok(event)).unwrap();
    }

    pub(crate) fn fail(&self, why: &str) {
        self.0.send(Err(RegistryError::NoEndpoint(why.into()))).unwrap();
    }

    pub(crate) fn list(&self, instances: Vec<Instance>) {
        self.event(WatchEvent::Init);
        for instance in instances {
            let key = instance.key.service.clone();
            let service = Service { key, ephemeral: None, protect_threshold: None, protection: None, metadata: Default::default() };
            self.event(WatchEvent::InitApply(Entry::Service(service)));
            self.event(WatchEvent::InitApply(Entry::Instance(instance)));
        }
        self.event(WatchEvent::InitDone);
    }

    pub(crate) fn apply(&self, instance: Instance) {
        self.event(WatchEvent::Apply(Entry::Instance(instance)));
    }
}

pub(crate) fn service(registry: &str, name: &str) -> ServiceKey {
    let scope = Scope { registry: registry.parse().unwrap(), namespace: Namespace::new(""), group: "g".into() };
    ServiceKey { scope, name: name.into() }
}

pub(crate) fn instance(service: ServiceKey, n: u8, weight: f64) -> Instance {
    Instance {
        key: InstanceKey { service, cluster: "DEFAULT".into(), instance: LocalInstanceId(format!("10.0.0.{n}:80").into()) },
        host: format!("10.0.0.{n}"),
        port: 80,
        weight,
        enabled: true,
        ephemeral: Some(true),
        health: Health::Reported { healthy: true },
        heartbeat: Heartbeat { interval_ms: Some(5_000), ..Heartbeat::untold(BeatVia::Http) },
        incarnation: None,
        metadata: Default::default(),
    }
}

const NO: RegistryError = RegistryError::Unsupported("this");

#[async_trait]
impl Registry for Scripted {
    fn id(&self) -> &RegistryId {
        &self.id
    }

    fn kind(&self) -> RegistryKind {
        RegistryKind::Embedded
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            instances: InstanceCapabilities::default(),
            configs: ConfigCapabilities::default(),
            beats: BeatSource::PerService,
            unhealthy_phase: true,
        }
    }

    fn report(&self) -> SourceReport {
        SourceReport::default()
    }

    fn watch(self: Arc<Self>) -> BoxStream<'static, Item> {
        *self.watches.lock() += 1;
        let script = Arc::clone(&self.script);
        // The script is taken for the length of one watch, and given back when that one is dropped.
        let taken = script.lock().take();
        let held = Held(taken, script);
        futures::stream::unfold(held, |mut held| async move { Some((held.0.as_mut()?.recv().await?, held)) }).boxed()
    }

    async fn service(&self, _: &ServiceKey) -> Result<Vec<Entry>, RegistryError> {
        Err(NO)
    }

    async fn beats(&self, service: &ServiceKey) -> Result<Vec<BeatReading>, RegistryError> {
        let instance = LocalInstanceId("10.0.0.1:80".into());
        let _ = service;
        Ok(vec![BeatReading { cluster: "DEFAULT".into(), instance, last: Millis(77) }])
    }

    async fn edit_instance(&self, _: &InstanceKey, _: &InstanceEdit) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn deregister(&self, _: &InstanceKey) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn configs(&self, _: &Namespace, _: Option<&str>) -> Result<ConfigPage, RegistryError> {
        Err(NO)
    }

    async fn config(&self, _: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError> {
        Err(NO)
    }

    async fn put_config(&self, _: &ConfigKey, _: &str, _: Option<&str>, _: &Expected) -> Result<Revision, RegistryError> {
        Err(NO)
    }

    async fn delete_config(&self, _: &ConfigKey, _: &Revision) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn config_history(&self, _: &ConfigKey, _: usize) -> Result<Vec<ConfigRevision>, RegistryError> {
        Err(NO)
    }

    async fn config_listeners(&self, _: &ConfigKey) -> Result<Vec<ConfigListener>, RegistryError> {
        Err(NO)
    }

    async fn beta(&self, _: &ConfigKey) -> Result<Option<BetaConfig>, RegistryError> {
        Err(NO)
    }

    async fn put_beta(&self, _: &ConfigKey, _: &str, _: &[String]) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn stop_beta(&self, _: &ConfigKey) -> Result<(), RegistryError> {
        Err(NO)
    }
}

struct Held(Option<mpsc::UnboundedReceiver<Item>>, Arc<Mutex<Option<mpsc::UnboundedReceiver<Item>>>>);

impl Drop for Held {
    fn drop(&mut self) {
        *self.1.lock() = self.0.take();
    }
}
