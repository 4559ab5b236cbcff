//! What the tests of the Nacos adapter share: an adapter on some URL, a client as any service would be, and a watch that
//! is waited for with a deadline.

#![allow(dead_code, unreachable_pub, reason = "each test crate uses its own part")]

pub mod replay;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;
use pilothouse_model::{Instance, Millis, Namespace, RegistryId, RegistryKind, Scope, Service, ServiceKey};
use pilothouse_registry::conformance::Sample;
use pilothouse_registry::nacos::{NacosConfig, NacosRegistry};
use pilothouse_registry::transport::{Ask, Clock, Endpoints, EndpointsConfig};
use pilothouse_registry::{Entry, EntryKey, Registry, RegistryError, WatchEvent};
use tokio::time::{Instant, timeout_at};

pub const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub fn clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Millis(i64::try_from(since.as_millis()).unwrap())
    })
}

pub fn id() -> RegistryId {
    "nacos-test".parse().unwrap()
}

pub fn settings(kind: RegistryKind, url: &str) -> NacosConfig {
    NacosConfig::new(id(), kind, vec![url.to_owned()])
}

pub fn adapter(config: NacosConfig) -> Arc<NacosRegistry> {
    Arc::new(NacosRegistry::new(config, clock()).unwrap())
}

pub fn service_key(namespace: &str, group: &str, name: &str) -> ServiceKey {
    ServiceKey { scope: Scope { registry: id(), namespace: Namespace::new(namespace), group: group.into() }, name: name.into() }
}

/// A service's own requests, as an SDK over HTTP sends them.
#[derive(Clone)]
pub struct Client {
    http: Arc<Endpoints>,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let config = EndpointsConfig::new(vec![url.to_owned()], "Nacos");
        Self { http: Arc::new(Endpoints::new(config, clock()).unwrap()) }
    }

    pub async fn send(&self, ask: Ask) -> String {
        let answer = self.http.ask(ask).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    }

    /// Status and text, whatever they are.
    pub async fn answer(&self, ask: Ask) -> (u16, String) {
        let answer = self.http.ask(ask).await.unwrap();
        (answer.status, answer.text())
    }

    pub async fn register(&self, service: &str, ip: &str, port: u16, more: &[(&str, &str)]) {
        let port = port.to_string();
        let mut form = vec![("serviceName", service), ("ip", ip), ("port", &port)];
        form.extend_from_slice(more);
        self.send(Ask::post("/v1/ns/instance", "a registration").form(form)).await;
    }

    pub async fn beat(&self, service: &str, ip: &str, port: u16) {
        let ask = Ask::put("/v1/ns/instance/beat", "a beat").query("serviceName", service).query("ip", ip).query("port", port.to_string());
        self.send(ask).await;
    }

    pub async fn deregister(&self, service: &str, ip: &str, port: u16) {
        let ask = Ask::delete("/v1/ns/instance", "a removal").query("serviceName", service).query("ip", ip).query("port", port.to_string());
        self.send(ask).await;
    }
}

/// Beats until dropped.
pub struct Beating(tokio::task::JoinHandle<()>);

impl Beating {
    pub fn start(client: &Client, service: &str, ip: &str, port: u16) -> Self {
        let (client, service, ip) = (client.clone(), service.to_owned(), ip.to_owned());
        Self(tokio::spawn(async move {
            let mut beats = tokio::time::interval(Duration::from_secs(4));
            loop {
                beats.tick().await;
                client.beat(&service, &ip, port).await;
            }
        }))
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A watch with the events it gave.
pub struct Watch {
    stream: BoxStream<'static, Result<WatchEvent, RegistryError>>,
}

impl Watch {
    pub fn start(registry: &Arc<NacosRegistry>) -> Self {
        Self { stream: Arc::clone(registry).watch() }
    }

    pub async fn item(&mut self, within: Duration) -> Result<WatchEvent, RegistryError> {
        timeout_at(Instant::now() + within, self.stream.next()).await.expect("an event in time").expect("a watch never ends")
    }

    /// The whole list.
    pub async fn listed(&mut self) -> (Vec<Service>, Vec<Instance>) {
        let (mut services, mut instances) = (Vec::new(), Vec::new());
        loop {
            match self.item(Duration::from_secs(30)).await.unwrap() {
                WatchEvent::InitApply(Entry::Service(service)) => services.push(service),
                WatchEvent::InitApply(Entry::Instance(instance)) => instances.push(instance),
                WatchEvent::InitDone => return (services, instances),
                WatchEvent::Init => {}
                other => panic!("{other:?} inside a whole list"),
            }
        }
    }

    /// The first event that `wanted` makes something of, and how long it took.
    pub async fn until<T>(&mut self, within: Duration, wanted: impl Fn(&WatchEvent) -> Option<T>) -> (T, Duration) {
        let start = Instant::now();
        loop {
            let left = within.checked_sub(start.elapsed()).unwrap_or_else(|| panic!("nothing within {within:?}"));
            if let Some(found) = wanted(&self.item(left).await.unwrap()) {
                return (found, start.elapsed());
            }
        }
    }

    /// An apply of the instance at this address that satisfies `good`.
    pub async fn instance(&mut self, address: &str, within: Duration, good: impl Fn(&Instance) -> bool) -> (Instance, Duration) {
        self.until(within, |event| match event {
            WatchEvent::Apply(Entry::Instance(instance)) if &*instance.key.instance.0 == address && good(instance) => {
                Some(instance.clone())
            }
            _ => None,
        })
        .await
    }

    /// The delete of the instance at this address.
    pub async fn gone(&mut self, address: &str, within: Duration) -> Duration {
        self.until(within, |event| match event {
            WatchEvent::Delete(EntryKey::Instance(key)) if &*key.instance.0 == address => Some(()),
            _ => None,
        })
        .await
        .1
    }
}

/// Another hand on the registry, for the conformance suite.
pub struct Hand {
    pub client: Client,
    pub run: String,
    pub patience: Duration,
    pub awkward: Vec<String>,
    beating: tokio::sync::Mutex<std::collections::HashMap<(String, String), Beating>>,
}

impl Hand {
    pub fn new(url: &str, patience: Duration, awkward: &[&str]) -> Self {
        Self {
            client: Client::new(url),
            run: format!("{:x}", clock()().0),
            patience,
            awkward: awkward.iter().map(ToString::to_string).collect(),
            beating: tokio::sync::Mutex::default(),
        }
    }
}

#[async_trait::async_trait]
impl pilothouse_registry::conformance::Fixture for Hand {
    fn scope(&self) -> Scope {
        service_key("", "DEFAULT_GROUP", "").scope
    }

    fn run(&self) -> &str {
        &self.run
    }

    async fn register(&self, service: &str, sample: &Sample) {
        let metadata = serde_json::to_string(&sample.metadata).unwrap();
        self.client.register(service, &sample.host, sample.port, &[("metadata", &metadata)]).await;
        let beating = Beating::start(&self.client, service, &sample.host, sample.port);
        self.beating.lock().await.insert((service.to_owned(), sample.host.clone()), beating);
    }

    async fn deregister(&self, service: &str, sample: &Sample) {
        self.fall_silent(service, sample).await;
        self.client.deregister(service, &sample.host, sample.port).await;
    }

    async fn fall_silent(&self, service: &str, sample: &Sample) {
        self.beating.lock().await.remove(&(service.to_owned(), sample.host.clone()));
    }

    async fn publish(&self, data_id: &str, content: &str) {
        let form = [("dataId", data_id), ("group", "DEFAULT_GROUP"), ("content", content)];
        assert_eq!(self.client.send(Ask::post("/v1/cs/configs", "a publish").form(form)).await, "true");
    }

    fn patience(&self) -> Duration {
        self.patience
    }

    fn awkward_names(&self) -> Vec<String> {
        self.awkward.clone()
    }
}
