//! The services of a team, as Consul sees them: plain calls of an agent's HTTP API.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pilothouse_model::{Millis, Namespace, Scope};
use pilothouse_registry::conformance::{Fixture, Sample};
use pilothouse_registry::consul::{ConsulConfig, ConsulRegistry};
use pilothouse_registry::transport::{Answer, Ask, Clock, Endpoints, EndpointsConfig, TlsConfig, encode_segment};
use pilothouse_registry::{Registry, Secret};
use serde_json::{Value, json};

/// An agent's HTTP API, and the settings of an adapter over it.
pub(crate) struct Agent {
    pub(crate) url: String,
    token: Option<String>,
    endpoints: Endpoints,
    run: String,
}

pub(crate) fn clock() -> Clock {
    let since_1970 = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Arc::new(move || Millis(i64::try_from(since_1970().as_millis()).unwrap()))
}

pub(crate) fn config(urls: &[&str]) -> ConsulConfig {
    ConsulConfig {
        id: "consul-test".parse().unwrap(),
        urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        token: None,
        datacenter: None,
        tls: TlsConfig::default(),
        freshness_bound: Duration::from_secs(15),
    }
}

pub(crate) fn registry(config: ConsulConfig) -> Arc<dyn Registry> {
    ConsulRegistry::new(config, clock()).unwrap()
}

impl Agent {
    pub(crate) fn new(url: &str, token: Option<&str>) -> Self {
        let endpoints = Endpoints::new(EndpointsConfig::new(vec![url.to_owned()], "Consul"), clock()).unwrap();
        let run = format!("{:x}", clock()().0);
        Self { url: url.to_owned(), token: token.map(str::to_owned), endpoints, run }
    }

    /// The adapter over this agent alone.
    pub(crate) fn registry(&self) -> Arc<dyn Registry> {
        registry(ConsulConfig { token: self.token.as_deref().map(Secret::new), ..config(&[&self.url]) })
    }

    pub(crate) async fn ask(&self, ask: Ask) -> Answer {
        let ask = match &self.token {
            Some(token) => ask.header("X-Consul-Token", token),
            None => ask,
        };
        self.endpoints.ask(ask).await.and_then(Answer::ok).unwrap()
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.ask(Ask::put(path, path).body("application/json", body.to_string())).await
    }

    pub(crate) async fn register_body(&self, body: Value) {
        self.put("/v1/agent/service/register", &body).await;
    }
}

/// One instance id for an address, as clients make them.
fn id(service: &str, sample: &Sample) -> String {
    format!("{service}-{}:{}", sample.host, sample.port)
}

#[async_trait]
impl Fixture for Agent {
    fn scope(&self) -> Scope {
        Scope { registry: "consul-test".parse().unwrap(), namespace: Namespace::new("dc1"), group: "".into() }
    }

    fn run(&self) -> &str {
        &self.run
    }

    async fn register(&self, service: &str, sample: &Sample) {
        let Sample { host, port, metadata } = sample;
        self.register_body(json!({ "Name": service, "ID": id(service, sample), "Address": host, "Port": port, "Meta": metadata })).await;
    }

    async fn deregister(&self, service: &str, sample: &Sample) {
        let id = id(service, sample);
        self.put(&format!("/v1/agent/service/deregister/{}", encode_segment(&id)), &Value::Null).await;
    }

    async fn fall_silent(&self, _: &str, _: &Sample) {}

    async fn publish(&self, data_id: &str, content: &str) {
        self.ask(Ask::put(format!("/v1/kv/{}", encode_segment(data_id)), data_id).body("text/plain", content.to_owned())).await;
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn awkward_names(&self) -> Vec<String> {
        ["G@@a", "a/b c%", "订单-😀", "?x=1&y#", "..", "UPPER."].map(str::to_owned).to_vec()
    }
}
