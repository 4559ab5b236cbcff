//! The Nacos adapter against real servers, which `cargo xtask interop` starts.
//!
//! `PILOTHOUSE_NACOS_2_3` and `PILOTHOUSE_NACOS_3_1` name them (`http://127.0.0.1:8848`, with or without the context path).
//! A test whose server is not there says that it is skipped. Every test uses services of its own.

mod nacos_support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use nacos_support::{Beating, Client, Hand, LOOPBACK, Watch, adapter, clock, id, service_key, settings};
use pilothouse_model::{BeatVia, Health, InstanceEdit, InstanceKey, LocalInstanceId, Protection, RegistryKind, WatchWayKind};
use pilothouse_registry::nacos::NacosRegistry;
use pilothouse_registry::transport::Ask;
use pilothouse_registry::{Entry, Registry, WatchEvent, conformance};
use tokio::time::Instant;

const SOON: Duration = Duration::from_secs(12);

/// The servers that run, by version.
fn servers() -> Vec<(&'static str, String)> {
    let all = [("2.3", "PILOTHOUSE_NACOS_2_3"), ("3.1", "PILOTHOUSE_NACOS_3_1")];
    let running = |(version, variable): (&'static str, &str)| {
        let Ok(url) = std::env::var(variable) else {
            eprintln!("skipped: Nacos {version} is not running ({variable} is not set)");
            return None;
        };
        let url = url.trim_end_matches('/');
        Some((version, if url.ends_with("/nacos") { url.to_owned() } else { format!("{url}/nacos") }))
    };
    all.into_iter().filter_map(running).collect()
}

fn pushed(url: &str) -> Arc<NacosRegistry> {
    let mut config = settings(RegistryKind::Nacos, url);
    config.push_address = Some(LOOPBACK);
    adapter(config)
}

fn in_force(registry: &NacosRegistry) -> Vec<WatchWayKind> {
    registry.report().ways.iter().filter(|way| way.in_force).map(|way| way.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_conforms() {
    for (version, url) in servers() {
        // Without push, an edit of metadata alone is seen by the sweep.
        let ways = [("with push", pushed(&url), 15), ("without push", adapter(settings(RegistryKind::Nacos, &url)), 65)];
        for (way, registry, patience) in ways {
            let hand = Hand::new(&url, Duration::from_secs(patience), &["a:b", "a|b", "a#b", "a&b=c", "a%2Fb"]);
            let started = Instant::now();
            conformance::run(registry, &hand).await;
            eprintln!("Nacos {version}: conforms {way}, in {:?}", started.elapsed());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_as_soon_as_it_is_pushed() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        client.register("pushed", "10.9.0.1", 80, &[]).await;
        let registry = pushed(&url);
        let mut watch = Watch::start(&registry);
        watch.listed().await;
        let mut took = Vec::new();
        for n in 2..12u16 {
            let ip = format!("10.9.0.{n}");
            client.register("pushed", &ip, 80, &[]).await;
            took.push(watch.instance(&format!("{ip}:80"), SOON, |_| true).await.1);
        }
        took.sort_unstable();
        eprintln!(
            "Nacos {version}: a registration is told {:?} after its answer, at worst {:?}",
            took[took.len() / 2],
            took[took.len() - 1]
        );
        assert_eq!(in_force(&registry), [WatchWayKind::Push]);
        assert!(took[took.len() / 2] < Duration::from_secs(1), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_turns_unhealthy_and_then_is_removed() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        let registry = pushed(&url);
        client.register("timeline", "10.9.1.1", 80, &[]).await;
        let _beating = Beating::start(&client, "timeline", "10.9.1.1", 80);
        let mut watch = Watch::start(&registry);
        watch.listed().await;
        client.register("timeline", "10.9.1.2", 80, &[]).await;
        let silent_since = Instant::now();
        watch.instance("10.9.1.2:80", SOON, |instance| instance.health == Health::Reported { healthy: true }).await;
        watch.instance("10.9.1.2:80", Duration::from_secs(25), |instance| instance.health.healthy() == Some(false)).await;
        let unhealthy = silent_since.elapsed();
        watch.gone("10.9.1.2:80", Duration::from_secs(25)).await;
        let removed = silent_since.elapsed();
        eprintln!("Nacos {version}: unhealthy told after {unhealthy:?}, removal after {removed:?}");
        assert!((15.0..21.5).contains(&unhealthy.as_secs_f64()), "{unhealthy:?}");
        assert!((30.0..36.5).contains(&removed.as_secs_f64()), "{removed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_watch_stays_subscribed_within_its_budget() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        let group = format!("idle-{:x}", clock()().0);
        let mut config = settings(RegistryKind::Nacos, &url);
        // A namespace of its own: the other tests keep the common one busy.
        config.namespaces = Some(vec![group.clone()]);
        config.push_address = Some(LOOPBACK);
        let registry = adapter(config);
        // Ten minutes without a beat are allowed: nothing happens meanwhile.
        let more = [
            ("namespaceId", group.as_str()),
            ("metadata", r#"{"preserved.ip.delete.timeout":"600000","preserved.heart.beat.timeout":"590000"}"#),
        ];
        for n in 1..4u16 {
            client.register(&format!("idle-{n}"), "10.9.2.1", 80 + n, &more).await;
        }
        let mut watch = Watch::start(&registry);
        watch.listed().await;
        let calm = Instant::now() + Duration::from_secs(100);
        let mut alive = Vec::new();
        let mut last = Instant::now();
        while Instant::now() < calm {
            let event = watch.item(Duration::from_secs(13)).await.unwrap();
            assert!(matches!(event, WatchEvent::Alive), "{event:?}");
            alive.push(last.elapsed());
            last = Instant::now();
        }
        let requests = registry.report().requests_per_minute;
        let longest = alive.iter().max().copied().unwrap_or_default();
        eprintln!("Nacos {version}: idle with push, {requests} requests in the last minute; longest wait for a proof of life {longest:?}");
        assert!(requests <= 11, "6 long polls, 2 polls, 3 renewals: {requests}");
        assert!(longest < Duration::from_secs(13));
        client.register("idle-1", "10.9.2.2", 80, &more).await;
        let (_, took) = watch.instance("10.9.2.2:80", SOON, |_| true).await;
        assert!(took < Duration::from_secs(2), "the subscription outlived the server's 30 s: {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_push_counts_tell() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        let registry = adapter(settings(RegistryKind::Nacos, &url));
        let mut watch = Watch::start(&registry);
        watch.listed().await;
        assert_eq!(in_force(&registry), [WatchWayKind::CountDifference]);
        client.register("counted", "10.9.3.1", 80, &[]).await;
        let (instance, took) = watch.instance("10.9.3.1:80", SOON, |_| true).await;
        eprintln!("Nacos {version}: without push, a new service is told after {took:?}");
        assert_eq!(instance.ephemeral, Some(true));
        let within = registry.report().ways.iter().find(|way| way.in_force).map(|way| way.within_ms).unwrap();
        assert!(took.as_millis() <= u128::try_from(within).unwrap(), "{took:?} is more than the promised {within} ms");
    }
}

/// Creates a service explicitly: only then does protection rewrite health.
async fn create_service(version: &str, client: &Client, name: &str, threshold: &str) {
    let form = [("serviceName", name), ("protectThreshold", threshold), ("ephemeral", "true")];
    let path = if version.starts_with('2') { "/v2/ns/service" } else { "/v3/admin/ns/service" };
    client.send(Ask::post(path, "a service").form(form)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_are_shown_dead_whatever_consumers_are_told() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        let dies =
            r#"{"preserved.heart.beat.interval":"1000","preserved.heart.beat.timeout":"3000","preserved.ip.delete.timeout":"600000"}"#;
        let run = clock()().0;
        let (created, plain) = (format!("dead-created-{run:x}"), format!("dead-plain-{run:x}"));
        create_service(version, &client, &created, "0.0").await;
        for name in [&created, &plain] {
            for n in 1..3u16 {
                client.register(name, "10.9.4.1", 80 + n, &[("metadata", dies)]).await;
            }
        }
        let deadline = Instant::now() + Duration::from_secs(20);
        let registry = pushed(&url);
        let dead = loop {
            let read = async |name: &str| registry.service(&service_key("", "DEFAULT_GROUP", name)).await.unwrap();
            let (created, plain) = (read(&created).await, read(&plain).await);
            let all_dead = |entries: &[Entry]| {
                let (_, health) = protections(entries);
                health.len() == 2 && health.iter().all(|health| health.healthy() == Some(false))
            };
            if all_dead(&created) && all_dead(&plain) {
                break [created, plain];
            }
            assert!(Instant::now() < deadline, "{created:?} {plain:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        let told = client.send(Ask::get("/v1/ns/instance/list", "the consumers' list").query("serviceName", &created)).await;
        assert!(told.contains(r#""healthy":true"#), "consumers are told otherwise: {told}");
        let [created, plain] = dead;
        assert_eq!(
            protections(&created),
            (Some(Protection::ProtectThreshold), vec![Health::Overridden { by: Protection::ProtectThreshold, healthy: Some(false) }; 2])
        );
        assert_eq!(
            protections(&plain),
            (None, vec![Health::Reported { healthy: false }; 2]),
            "nothing was ever written on it: nothing is rewritten"
        );
    }
}

/// The protection of a service, and the health of its instances.
fn protections(entries: &[Entry]) -> (Option<Protection>, Vec<Health>) {
    let mut protection = None;
    let mut health = Vec::new();
    for entry in entries {
        match entry {
            Entry::Service(service) => protection = service.protection,
            Entry::Instance(instance) => health.push(instance.health),
        }
    }
    (protection, health)
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_over_http_tell_their_last_beat() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        client.register("beats", "10.9.5.1", 80, &[]).await;
        let registry = pushed(&url);
        let mut watch = Watch::start(&registry);
        let (_, instances) = watch.listed().await;
        let shown = instances.iter().find(|instance| instance.host == "10.9.5.1").unwrap();
        assert_eq!((shown.heartbeat.via, shown.heartbeat.unhealthy_after_ms), (BeatVia::Http, Some(15_000)), "Nacos {version}");
        let key = service_key("", "DEFAULT_GROUP", "beats");
        let mut last = None;
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            client.beat("beats", "10.9.5.1", 80).await;
            let readings = registry.beats(&key).await.unwrap();
            assert_eq!(readings.len(), 1, "Nacos {version}");
            assert!(last < Some(readings[0].last), "Nacos {version}: every beat moves it");
            assert!((clock()().0 - readings[0].last.0).abs() < 5_000);
            last = Some(readings[0].last);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_one_thing_pins_nothing_else() {
    for (version, url) in servers() {
        let client = Client::new(&url);
        let registry = pushed(&url);
        let service = format!("edited-{:x}", clock()().0);
        let register = async |release: &str| {
            let metadata = format!(r#"{{"version":"{release}"}}"#);
            client.register(&service, "10.9.6.1", 80, &[("metadata", &metadata), ("weight", "3")]).await;
        };
        register("1").await;
        let mut watch = Watch::start(&registry);
        watch.listed().await;
        let key = InstanceKey {
            service: service_key("", "DEFAULT_GROUP", &service),
            cluster: "DEFAULT".into(),
            instance: LocalInstanceId("10.9.6.1:80".into()),
        };
        let off = InstanceEdit { enabled: Some(false), ..InstanceEdit::default() };
        registry.edit_instance(&key, &off).await.unwrap();
        let (shown, _) = watch.instance("10.9.6.1:80", SOON, |instance| !instance.enabled).await;
        assert_eq!((shown.weight, shown.metadata.get("version").map(String::as_str)), (3.0, Some("1")), "Nacos {version}");
        // The next release says who it is, and stays disabled.
        register("2").await;
        let (shown, _) = watch.instance("10.9.6.1:80", SOON, |instance| instance.metadata.get("version").is_some_and(|v| v == "2")).await;
        assert!(!shown.enabled);
        let owner = InstanceEdit {
            metadata: Some(BTreeMap::from([("owner".into(), "me".into()), ("version".into(), "2".into())])),
            ..InstanceEdit::default()
        };
        registry.edit_instance(&key, &owner).await.unwrap();
        let (shown, _) = watch.instance("10.9.6.1:80", SOON, |instance| instance.metadata.contains_key("owner")).await;
        assert_eq!((shown.weight, shown.enabled), (3.0, false));
        assert_eq!(shown.key.service.scope.registry, id());
    }
}
