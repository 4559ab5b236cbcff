//! The fleet against two embedded registries, over loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use pilothouse_demo::{DemoError, DemoSettings, FleetSize, run};
use pilothouse_embedded::{Embedded, EmbeddedConfig, SystemClock};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

struct Registry {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

impl Registry {
    /// A fresh one on `address`.
    async fn start(address: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let embedded = Embedded::open(EmbeddedConfig { data_dir: folder.path().to_owned(), clock: Arc::new(SystemClock) }).unwrap();
        let listener = TcpListener::bind(address).await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let served = tokio::spawn({
            let stop = stop.clone();
            async move {
                embedded.serve(listener, stop).await.unwrap();
                drop(folder);
            }
        });
        Self { address, stop, served }
    }

    async fn stop(self) -> SocketAddr {
        self.stop.cancel();
        self.served.await.unwrap();
        self.address
    }

    fn url(&self) -> String {
        format!("http://{}/nacos", self.address)
    }
}

struct Demo {
    client: Client,
    control: SocketAddr,
    stop: CancellationToken,
    ran: JoinHandle<Result<(), DemoError>>,
}

impl Demo {
    async fn start(registries: Vec<String>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let control = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = control.local_addr().unwrap();
        let settings =
            DemoSettings { registries, seed: 7, quiet: true, size: FleetSize { services: 8, instances: 32 }, control: Some(control) };
        let stop = CancellationToken::new();
        let ran = tokio::spawn(run(settings, stop.clone()));
        Self { client: Client::builder().no_proxy().build().unwrap(), control: address, stop, ran }
    }

    async fn instances(&self, registry: &Registry) -> Option<u64> {
        let url = format!("{}/v1/ns/operator/metrics?onlyStatus=false", registry.url());
        self.client.get(url).send().await.ok()?.json::<Value>().await.ok()?["instanceCount"].as_u64()
    }

    /// Returns when the registries together hold so many instances.
    async fn until(&self, registries: &[&Registry], wanted: u64) {
        let reached = async {
            loop {
                let mut sum = 0;
                for registry in registries {
                    sum += self.instances(registry).await.unwrap_or(0);
                }
                if sum == wanted {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), reached).await.unwrap_or_else(|_| panic!("{wanted} instances"));
    }

    async fn order(&self, act: &str, parts: Value) -> (StatusCode, Value) {
        let answer = self.client.post(format!("http://{}/{act}", self.control)).json(&parts).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    async fn fleet(&self) -> Value {
        self.client.get(format!("http://{}/fleet", self.control)).send().await.unwrap().json().await.unwrap()
    }

    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(2), self.ran).await.expect("it ends at once").unwrap().unwrap();
    }
}

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

#[tokio::test]
async fn it_registers_waits_for_what_is_down_and_registers_again_after_a_restart() {
    let first = Registry::start(ANY).await;
    // Reserve a port for the one that is not up yet.
    let late = TcpListener::bind(ANY).await.unwrap().local_addr().unwrap();
    let demo = Demo::start(vec![first.url(), format!("http://{late}/nacos")]).await;
    assert_eq!(demo.instances(&first).await, Some(0), "nobody registers before all are up");
    let second = Registry::start(late).await;
    demo.until(&[&first, &second], 32).await;

    let url = format!("{}/v1/cs/history?search=accurate&dataId=checkout-api.yaml&group=DEFAULT_GROUP&pageNo=1&pageSize=9", first.url());
    let history: Value = demo.client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(history["totalCount"], 3);

    let on_second = demo.instances(&second).await.unwrap();
    let again = Registry::start(second.stop().await).await;
    demo.until(&[&again], on_second).await;
    demo.stop().await;
    first.stop().await;
    again.stop().await;
}

#[tokio::test]
async fn the_control_interface_plays_acts() {
    let registry = Registry::start(ANY).await;
    let demo = Demo::start(vec![registry.url()]).await;
    demo.until(&[&registry], 32).await;

    let (status, answer) = demo.order("deploy", json!({ "service": "chekout-api", "version": "9.0.0" })).await;
    assert_eq!((status, &answer["nearest"][0]), (StatusCode::NOT_FOUND, &json!("checkout-api")));
    let (status, _) = demo.order("deploy", json!({ "service": "checkout-api" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a part is missing");
    let (status, _) = demo.order("dance", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "no such act");
    let foreign = demo.client.get(format!("http://{}/fleet", demo.control)).header("host", "evil.example").send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);

    let fleet = demo.fleet().await;
    let host = fleet["hosts"][0]["address"].clone();
    assert_eq!(demo.order("kill-host", json!({ "host": &host })).await.0, StatusCode::OK);
    assert_eq!(demo.fleet().await["hosts"][0]["alive"], false);
    assert_eq!(demo.order("slow-zone", json!({ "zone": "east-1b", "delayMs": 500 })).await.0, StatusCode::OK);
    assert_eq!(demo.fleet().await["zones"][1]["delayMs"], 500);

    // A drained instance is first out of traffic, which its registry shows, and then gone.
    let instances = fleet["services"][1]["instances"].as_array().unwrap();
    let elsewhere = |address: &&str| address.split(':').next() != host.as_str();
    let address = instances.iter().map(|one| one["address"].as_str().unwrap()).find(elsewhere).unwrap();
    let order = demo.order("drain", json!({ "service": "payment-gateway", "instance": address })).await;
    assert_eq!(order.0, StatusCode::OK, "{order:?}");
    demo.until(&[&registry], 31).await;
    assert_eq!(demo.order("restore", json!({ "service": "payment-gateway" })).await.0, StatusCode::OK);
    demo.until(&[&registry], 32).await;
    demo.stop().await;
    registry.stop().await;
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    for (registries, expected) in [(vec![], "no registry"), (vec!["127.0.0.1:8848".to_owned()], "is not an http base url")] {
        let settings = DemoSettings { registries, seed: 1, quiet: true, size: FleetSize::default(), control: None };
        let error = run(settings, CancellationToken::new()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}
