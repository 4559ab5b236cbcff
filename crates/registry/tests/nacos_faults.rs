//! The Nacos adapter against servers that refuse, lie, break or are no Nacos at all.

mod nacos_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nacos_support::replay::{Asked, Replay};
use nacos_support::{Watch, adapter, service_key, settings};
use pilothouse_model::{Health, Login, RegistryKind, SourceProblem, UnknownHealth};
use pilothouse_registry::nacos::{NacosConfig, NacosRegistry};
use pilothouse_registry::{Registry, RegistryError, Secret, WatchEvent};

const SOON: Duration = Duration::from_secs(10);
const NO_TOKEN: &str =
    r#"{"timestamp":"2026-11-21T09:42:46.070+00:00","status":403,"error":"Forbidden","message":"token expired!","path":"/x"}"#;
const NO_RIGHT: &str =
    r#"{"timestamp":"2026-11-21T09:43:03.955+00:00","status":403,"error":"Forbidden","message":"authorization failed!","path":"/x"}"#;

fn with_login(url: &str) -> NacosConfig {
    let mut config = public(url);
    config.login = Some(("reader".into(), Secret::new("pw-reader")));
    config
}

/// Of the public namespace alone.
fn public(url: &str) -> NacosConfig {
    let mut config = settings(RegistryKind::Nacos, url);
    config.namespaces = Some(vec![String::new()]);
    config
}

fn granted(n: usize) -> (u16, String) {
    (200, format!(r#"{{"accessToken":"token-{n}","tokenTtl":18000,"globalAdmin":false,"username":"reader"}}"#))
}

fn is_login(asked: &Asked) -> bool {
    asked.ask == "POST /nacos/v1/auth/login"
}

fn is_state(asked: &Asked) -> bool {
    asked.ask.contains("/state") || asked.ask.contains("/metrics")
}

async fn orders(registry: &NacosRegistry) -> Result<usize, RegistryError> {
    registry.service(&service_key("", "DEFAULT_GROUP", "orders")).await.map(|entries| entries.len())
}

#[tokio::test]
async fn a_token_is_fetched_once_and_renewed_when_it_is_refused() {
    let logins = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&logins);
    let replay = Replay::with("2.5.1", move |asked| {
        if is_login(asked) {
            let right = asked.parameters["username"] == "reader" && asked.parameters["password"] == "pw-reader";
            assert!(right, "{:?}", asked.parameters);
            return Some(granted(counted.fetch_add(1, Ordering::SeqCst)));
        }
        // The first token runs out at once, as after a restart with another key.
        let good = asked.headers.get("accesstoken").is_some_and(|token| token != "token-0");
        (!good && !is_state(asked)).then(|| (403, NO_TOKEN.into()))
    })
    .await;
    let registry = adapter(with_login(&replay.url()));
    let eight = futures::future::join_all((0..8).map(|_| orders(&registry))).await;
    assert!(eight.into_iter().all(|read| read.unwrap() == 5));
    assert_eq!(logins.load(Ordering::SeqCst), 2, "one at first, one after the refusal, however many wait for it");
    assert!(matches!(registry.report().login, Login::Accepted { as_user, expires: Some(_) } if as_user == "reader"));
    for asked in replay.asked() {
        assert!(!asked.uri.contains("token-") && !asked.uri.contains("pw-reader"), "a secret in a URL: {}", asked.uri);
    }
    assert!(!format!("{:?}", registry.report()).contains("token-"));
}

#[tokio::test]
async fn a_missing_right_is_no_reason_to_log_in_again() {
    let replay = Replay::with("2.5.1", |asked| {
        if is_login(asked) {
            return Some(granted(0));
        }
        (!is_state(asked)).then(|| (403, NO_RIGHT.into()))
    })
    .await;
    let registry = adapter(with_login(&replay.url()));
    let error = orders(&registry).await.unwrap_err();
    assert!(matches!(error, RegistryError::Forbidden { .. }), "{error}");
    assert_eq!(replay.count("POST /nacos/v1/auth/login"), 1);
    // A list that may not be read is a problem to show, not an empty registry.
    let mut watch = Watch::start(&registry);
    assert_eq!(watch.listed().await, (vec![], vec![]));
    assert!(matches!(&registry.report().problems[..], [SourceProblem::Forbidden { what }] if what.contains("public")));
}

#[tokio::test]
async fn a_wrong_password_is_told_in_the_servers_words() {
    let replay = Replay::with("2.5.1", |asked| is_login(asked).then(|| (403, "user not found!".into()))).await;
    let registry = adapter(with_login(&replay.url()));
    let error = orders(&registry).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unauthorized { .. }) && !error.is_transient(), "{error}");
    assert_eq!(registry.report().login, Login::Refused { why: "user not found!".into() });
    assert!(!error.to_string().contains("pw-reader"));
}

#[tokio::test]
async fn an_admin_just_made_is_only_not_known_yet() {
    let tries = AtomicUsize::new(0);
    let replay = Replay::with("2.5.1", move |asked| {
        let known = |tries: usize| if tries < 2 { (500, "caused: User reader not found;".into()) } else { granted(0) };
        is_login(asked).then(|| known(tries.fetch_add(1, Ordering::SeqCst)))
    })
    .await;
    let registry = adapter(with_login(&replay.url()));
    for _ in 0..2 {
        let error = orders(&registry).await.unwrap_err();
        assert!(error.is_transient(), "{error}");
    }
    assert_eq!(orders(&registry).await.unwrap(), 5);
    assert!(matches!(registry.report().login, Login::Accepted { .. }));
}

#[tokio::test]
async fn without_rights_to_the_honest_list_health_is_unknown() {
    let names = r#"{"count":1,"doms":["orders"]}"#;
    let hosts = r#"{"name":"DEFAULT_GROUP@@orders","hosts":[{"ip":"10.0.0.1","port":80,"weight":1.0,"healthy":true,"enabled":true,"ephemeral":true,"clusterName":"DEFAULT","metadata":{}}],"reachProtectionThreshold":true}"#;
    let replay = Replay::with("3.0.3", move |asked| match asked.ask.as_str() {
        "GET /nacos/v1/ns/service/list" => Some((200, names.into())),
        "GET /nacos/v1/ns/instance/list" => Some((200, hosts.into())),
        ask if ask.contains("/v3/admin/ns/") => Some((403, NO_RIGHT.into())),
        _ => None,
    })
    .await;
    let registry = adapter(public(&replay.url()));
    let (_, instances) = Watch::start(&registry).listed().await;
    assert_eq!(
        instances.iter().map(|instance| instance.health).collect::<Vec<_>>(),
        [Health::Unknown { why: UnknownHealth::ProtectedView }]
    );
    assert!(matches!(&registry.report().problems[..], [SourceProblem::ProtectedView { .. }, ..]), "{:?}", registry.report().problems);
    assert_eq!(orders(&registry).await.unwrap(), 2, "a single service is read on the same side");
}

#[tokio::test]
async fn what_is_no_nacos_is_said_so() {
    let cases: [(&str, u16, &str); 4] = [
        ("a page for people", 200, "<!doctype html><html><body>welcome</body></html>"),
        ("another product", 404, "404 page not found"),
        ("something that says yes to everything", 200, "{}"),
        ("a redirecting proxy", 302, ""),
    ];
    for (what, status, body) in cases {
        let replay = Replay::with("", move |_| Some((status, body.into()))).await;
        let registry = adapter(public(&replay.url()));
        let error = Watch::start(&registry).item(SOON).await.unwrap_err();
        assert!(matches!(error, RegistryError::NotThisRegistry { expected: "Nacos", .. }), "{what}: {error}");
    }
    let closed = adapter(settings(RegistryKind::Nacos, "http://127.0.0.1:1/nacos"));
    let error = Watch::start(&closed).item(SOON).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unreachable { .. } | RegistryError::NoEndpoint(_)), "{error}");
}

#[tokio::test]
async fn broken_answers_are_errors_of_the_stream_and_the_next_item_begins_anew() {
    let cases: [(&str, u16, &str); 4] = [
        ("half a JSON", 200, r#"{"count":1,"serviceList":[{"na"#),
        ("JSON of another shape", 200, r#"{"count":"many","serviceList":7}"#),
        ("a server error with words", 500, "caused: Internal Server Error;"),
        ("a gateway's page", 502, "<html>bad gateway</html>"),
    ];
    for (what, status, body) in cases {
        let bad = Arc::new(AtomicUsize::new(1));
        let left = Arc::clone(&bad);
        let replay = Replay::with("2.5.1", move |asked| {
            let breaks = asked.ask.ends_with("/catalog/services") && left.load(Ordering::SeqCst) > 0;
            breaks.then(|| (status, body.into()))
        })
        .await;
        let registry = adapter(public(&replay.url()));
        let mut watch = Watch::start(&registry);
        let error = watch.item(SOON).await.unwrap_err();
        assert!(error.to_string().len() < 600, "{what}: {error}");
        bad.store(0, Ordering::SeqCst);
        assert_eq!(watch.item(SOON).await.unwrap(), WatchEvent::Init, "{what}");
        assert_eq!(watch.listed().await.1.len(), 4, "{what}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let huge = "x".repeat(33 << 20);
    let replay = Replay::with("2.5.1", move |asked| asked.ask.ends_with("/catalog/service").then(|| (200, huge.clone()))).await;
    let registry = adapter(public(&replay.url()));
    let error = orders(&registry).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn awkward_rows_are_carried() {
    let row = |name: &str, more: &str| format!(r#"{{"ip":"{name}","port":80,"enabled":true,"ephemeral":true,"healthy":true{more}}}"#);
    let long = format!(r#","weight":1,"metadata":{{"k":"{}","n":7,"null":null}}"#, "订".repeat(10_000));
    let rows = [row("::1", r#","weight":"NaN""#), row("host-1.example.com", &long), row("::1", r#","weight":2,"metadata":null"#)];
    let list = format!(r#"{{"list":[{}],"count":3}}"#, rows.join(","));
    let replay = Replay::with("2.5.1", move |asked| {
        (asked.ask.ends_with("/catalog/instances") && asked.parameters["clusterName"] == "gz").then(|| (200, list.clone()))
    })
    .await;
    let (_, instances) = Watch::start(&adapter(public(&replay.url()))).listed().await;
    let gz: Vec<_> = instances.iter().filter(|instance| &*instance.key.cluster == "gz").collect();
    assert_eq!(gz.len(), 2, "one address is one instance");
    assert_eq!((gz[0].address().as_str(), gz[0].weight), ("[::1]:80", 2.0), "the better of two");
    assert_eq!(gz[1].metadata["k"].chars().count(), 10_000);
    assert_eq!((gz[1].metadata["n"].as_str(), gz[1].metadata["null"].as_str()), ("7", ""));
}

#[tokio::test]
async fn dropping_a_watch_closes_its_port() {
    let replay = Replay::with("2.5.1", |asked| asked.ask.ends_with("/instance/list").then(|| (200, r#"{"hosts":[]}"#.into()))).await;
    let mut config = public(&replay.url());
    config.push_address = Some(nacos_support::LOOPBACK);
    let registry = adapter(config);
    let mut watch = Watch::start(&registry);
    watch.listed().await;
    let asked = replay.asked();
    let port: u16 = asked.iter().find_map(|asked| asked.parameters.get("udpPort")).unwrap().parse().unwrap();
    assert!(asked.iter().any(|asked| asked.headers.get("user-agent").is_some_and(|agent| agent.starts_with("Nacos-Java-Client"))));
    drop(watch);
    let deadline = tokio::time::Instant::now() + SOON;
    while std::net::UdpSocket::bind(("127.0.0.1", port)).is_err() {
        assert!(tokio::time::Instant::now() < deadline, "the port stays open");
        tokio::task::yield_now().await;
    }
}
