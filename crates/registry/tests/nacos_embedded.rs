//! The Nacos adapter on the embedded registry, in this process.

mod nacos_support;

use std::sync::Arc;
use std::time::Duration;

use nacos_support::{Client, Hand, LOOPBACK, Watch, adapter, clock, service_key, settings};
use pilothouse_embedded::{Embedded, EmbeddedConfig, SystemClock};
use pilothouse_model::{BeatSource, BeatVia, RegistryKind, WatchWayKind};
use pilothouse_registry::nacos::NacosRegistry;
use pilothouse_registry::transport::Ask;
use pilothouse_registry::{Entry, Registry, WatchEvent, conformance};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

const SOON: Duration = Duration::from_secs(10);

/// A served registry; dropping it stops it and removes its folder.
struct Served {
    url: String,
    _stop: DropGuard,
    _folder: tempfile::TempDir,
}

impl Served {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = EmbeddedConfig { data_dir: folder.path().to_owned(), clock: Arc::new(SystemClock) };
        let embedded = Embedded::open(config).unwrap();
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let url = format!("http://{}/nacos", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(embedded.serve(listener, stop.clone()));
        Self { url, _stop: stop.drop_guard(), _folder: folder }
    }

    fn pushed(&self) -> Arc<NacosRegistry> {
        let mut config = settings(RegistryKind::Embedded, &self.url);
        config.push_address = Some(LOOPBACK);
        adapter(config)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_conforms() {
    let served = Served::start().await;
    let hand = Hand::new(&served.url, Duration::from_secs(10), &["a:b", "a|b", "a&b=c", "a%2Fb", "a#b"]);
    conformance::run(served.pushed(), &hand).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_last_beats_and_who_it_is() {
    let served = Served::start().await;
    let client = Client::new(&served.url);
    client.register("orders", "10.0.0.1", 80, &[]).await;
    let registry = served.pushed();
    let mut watch = Watch::start(&registry);
    let (_, instances) = watch.listed().await;
    let heartbeat = instances[0].heartbeat;
    assert_eq!(registry.capabilities().beats, BeatSource::PerService);
    assert_eq!((heartbeat.via, heartbeat.interval_ms, heartbeat.removed_after_ms), (BeatVia::Http, Some(5_000), Some(30_000)));
    assert!((clock()().0 - heartbeat.last.unwrap().0).abs() < 5_000, "{heartbeat:?}");
    let before = registry.beats(&service_key("", "DEFAULT_GROUP", "orders")).await.unwrap();
    // A beat of the same millisecond would be no later one.
    while clock()() <= before[0].last {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    client.beat("orders", "10.0.0.1", 80).await;
    let after = registry.beats(&service_key("", "DEFAULT_GROUP", "orders")).await.unwrap();
    assert!(after[0].last > before[0].last, "{before:?} {after:?}");
    assert!(registry.report().version.unwrap().starts_with("Pilothouse "));
}

/// A fleet that starts with the console makes its namespace after the first list.
#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_made_after_the_first_list_is_found() {
    let served = Served::start().await;
    let client = Client::new(&served.url);
    let mut watch = Watch::start(&served.pushed());
    assert_eq!(watch.listed().await.1, []);
    let made = [("customNamespaceId", "later"), ("namespaceName", "later"), ("namespaceDesc", "")];
    client.send(Ask::post("/v1/console/namespaces", "a namespace").form(made)).await;
    client.register("orders", "10.0.0.1", 80, &[("namespaceId", "later")]).await;
    // Another namespace is another ground: everything is listed again.
    let found = |event: &WatchEvent| match event {
        WatchEvent::InitApply(Entry::Instance(instance)) => Some(instance.key.service.scope.namespace.to_string()),
        _ => None,
    };
    assert_eq!(watch.until(Duration::from_secs(20), found).await.0, "later");
}

/// A change in one of many services, until its event. `PILOTHOUSE_TEST_INSTANCES` sets how many instances there are.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_at_once_among_many() {
    let instances: u32 = std::env::var("PILOTHOUSE_TEST_INSTANCES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let served = Served::start().await;
    let client = Client::new(&served.url);
    let mut registering = tokio::task::JoinSet::new();
    for service in 0..instances / 10 {
        let client = client.clone();
        registering.spawn(async move {
            for n in 0..10 {
                client.register(&format!("many-{service}"), &format!("10.0.{}.{}", service / 250, service % 250), 8_000 + n, &[]).await;
            }
        });
    }
    while let Some(done) = registering.join_next().await {
        done.unwrap();
    }
    let registry = served.pushed();
    let started = tokio::time::Instant::now();
    let mut watch = Watch::start(&registry);
    let (services, listed) = watch.listed().await;
    eprintln!("{} instances of {} services listed in {:?}", listed.len(), services.len(), started.elapsed());
    assert_eq!(u32::try_from(listed.len()).unwrap(), instances);
    // The echoes of the subscriptions.
    while registry.report().ways.iter().any(|way| way.in_force && way.kind != WatchWayKind::Push) {
        watch.item(SOON).await.unwrap();
    }
    let mut took = Vec::new();
    for n in 0..100u16 {
        let service = format!("many-{}", u32::from(n) % (instances / 10));
        let asked = tokio::time::Instant::now();
        client.register(&service, "10.1.0.1", 9_000 + n, &[]).await;
        watch.instance(&format!("10.1.0.1:{}", 9_000 + n), SOON, |_| true).await;
        took.push(asked.elapsed());
    }
    took.sort_unstable();
    eprintln!("a registration is told {:?} after it was sent; 99th percentile {:?}", took[50], took[98]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_stops_is_an_error_and_comes_back_whole() {
    let served = Served::start().await;
    let client = Client::new(&served.url);
    client.register("orders", "10.0.0.1", 80, &[]).await;
    let registry = served.pushed();
    let mut watch = Watch::start(&registry);
    watch.listed().await;
    let Served { url, _stop: stop, _folder: folder } = served;
    drop(stop);
    let error = loop {
        match watch.item(SOON).await {
            Ok(event) => assert!(matches!(event, WatchEvent::Alive), "{event:?}"),
            Err(error) => break error,
        }
    };
    assert!(error.is_transient(), "{error}");
    let address = url.trim_start_matches("http://").trim_end_matches("/nacos").to_owned();
    let config = EmbeddedConfig { data_dir: folder.path().to_owned(), clock: Arc::new(SystemClock) };
    let deadline = tokio::time::Instant::now() + SOON;
    let embedded = loop {
        match Embedded::open(EmbeddedConfig { clock: Arc::new(SystemClock), data_dir: config.data_dir.clone() }) {
            Ok(embedded) => break embedded,
            Err(error) if tokio::time::Instant::now() >= deadline => panic!("the one before keeps its folder: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let stop = CancellationToken::new();
    let _stop = stop.clone().drop_guard();
    tokio::spawn(embedded.serve(TcpListener::bind(address).await.unwrap(), stop));
    client.register("orders", "10.0.0.2", 80, &[]).await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        assert!(tokio::time::Instant::now() < deadline);
        match watch.item(SOON).await {
            Ok(WatchEvent::InitApply(Entry::Instance(instance))) if instance.host == "10.0.0.2" => break,
            Ok(_) => {}
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
