//! What the watch costs, and how it finds what Consul does not name.

use std::time::Duration;

use pilothouse_model::{AnswerStanding, Namespace, Scope, ServiceKey};
use pilothouse_registry::conformance::{Fixture, Watcher};
use serde_json::json;

use crate::fake::{AGENT, FakeConsul, State};
use crate::fixture::Agent;

const SOON: Duration = Duration::from_secs(5);

pub(crate) fn service(name: &str) -> ServiceKey {
    let scope = Scope { registry: "consul-test".parse().unwrap(), namespace: Namespace::new("dc1"), group: "".into() };
    ServiceKey { scope, name: name.into() }
}

/// Many services, each with an instance on one of `hosts` nodes.
fn fill(state: &mut State, services: usize, hosts: usize) {
    for host in 0..hosts {
        state.node(&format!("host{host}"), &format!("10.0.0.{host}"), true);
    }
    for n in 0..services {
        state.register(&format!("host{}", n % hosts), &json!({ "Name": format!("s{n}"), "ID": format!("s{n}-1"), "Port": 80 }));
    }
}

/// Reads on until nothing but the two blocking queries is under way.
pub(crate) async fn settled(consul: &FakeConsul, watcher: &mut Watcher) {
    let deadline = tokio::time::Instant::now() + SOON;
    while consul.under_way() != 2 {
        assert!(tokio::time::Instant::now() < deadline, "{} requests under way", consul.under_way());
        assert!(watcher.for_a_while(Duration::from_millis(5)).await.is_empty());
    }
    consul.asked();
}

fn paths(asked: &[String]) -> Vec<&str> {
    asked.iter().map(|line| line.split(['?']).next().unwrap()).collect()
}

#[tokio::test]
async fn an_idle_registry_is_asked_two_blocking_queries() {
    let consul = FakeConsul::start().await;
    consul.change(|state| fill(state, 20, 2));
    let registry = Agent::new(&consul.url, None).registry();
    assert_eq!(registry.report().answers, None);
    let mut watcher = Watcher::new(&registry);
    watcher.until("it is whole", SOON, |_| true).await;
    settled(&consul, &mut watcher).await;
    assert!(watcher.for_a_while(Duration::from_secs(2)).await.is_empty());
    assert_eq!(consul.asked(), Vec::<String>::new());
    let by_leader = AnswerStanding { consistency: Some("leader".into()), known_leader: Some(true), last_contact_ms: Some(0) };
    assert_eq!(registry.report().answers, Some(by_leader));
    assert_eq!(consul.under_way(), 2);
}

#[tokio::test]
async fn a_change_reads_one_service_again_and_not_all() {
    let consul = FakeConsul::start().await;
    consul.change(|state| fill(state, 50, 2));
    let agent = Agent::new(&consul.url, None);
    let mut watcher = Watcher::new(&agent.registry());
    watcher.until("it is whole", SOON, |view| view.instances(&service("s49")).len() == 1).await;
    settled(&consul, &mut watcher).await;
    consul.change(|state| state.register("host0", &json!({ "Name": "s0", "ID": "s0-1", "Port": 80, "Meta": { "version": "2" } })));
    watcher.until("the metadata is shown", SOON, |view| view.instances(&service("s0"))[0].version() == Some("2")).await;
    let asked = consul.asked();
    let read = |prefix: &str| paths(&asked).into_iter().filter(|path| path.starts_with(prefix)).count();
    assert_eq!((read("GET /v1/catalog/nodes"), read("GET /v1/catalog/node-services/"), read("GET /v1/health/service/")), (1, 3, 1));
}

#[tokio::test]
async fn with_more_nodes_than_services_the_services_are_swept() {
    let consul = FakeConsul::start().await;
    consul.change(|state| fill(state, 3, 9));
    let mut watcher = Watcher::new(&Agent::new(&consul.url, None).registry());
    watcher.until("it is whole", SOON, |view| view.instances(&service("s2")).len() == 1).await;
    settled(&consul, &mut watcher).await;
    consul.change(|state| state.register("host1", &json!({ "Name": "s1", "ID": "s1-2", "Port": 81 })));
    watcher.until("the new instance is shown", SOON, |view| view.instances(&service("s1")).len() == 2).await;
    watcher.for_a_while(Duration::from_millis(300)).await;
    let asked = consul.asked();
    assert!(!paths(&asked).iter().any(|path| path.starts_with("GET /v1/catalog/node-services/")), "{asked:?}");
}

#[tokio::test]
async fn a_host_that_dies_takes_its_instances_and_no_others() {
    let consul = FakeConsul::start().await;
    consul.change(|state| fill(state, 12, 3));
    let mut watcher = Watcher::new(&Agent::new(&consul.url, None).registry());
    watcher.until("it is whole", SOON, |view| view.instances(&service("s11")).len() == 1).await;
    settled(&consul, &mut watcher).await;
    let unhealthy = |view: &Watcher| -> Vec<usize> {
        (0..12).filter(|n| view.instances(&service(&format!("s{n}"))).iter().any(|i| i.health.healthy() == Some(false))).collect()
    };
    consul.change(|state| state.set_check("host1", "serfHealth", "critical"));
    watcher.until("its four are unhealthy", SOON, |view| unhealthy(view) == [1, 4, 7, 10]).await;
    assert_eq!(consul.asked().iter().filter(|line| line.contains("/v1/health/service/")).count(), 4);
    consul.change(|state| state.set_check("host1", "serfHealth", "passing"));
    watcher.until("they are back", SOON, |view| unhealthy(view).is_empty()).await;
}

#[tokio::test]
async fn a_check_that_fails_and_recovers_is_followed() {
    let consul = FakeConsul::start().await;
    consul.change(|state| state.register(AGENT, &json!({ "Name": "web", "ID": "w", "Port": 1, "Check": { "TTL": "15s" } })));
    let mut watcher = Watcher::new(&Agent::new(&consul.url, None).registry());
    let health = |view: &Watcher| view.instances(&service("web")).first().and_then(|instance| instance.health.healthy());
    watcher.until("a TTL check is born critical", SOON, |view| health(view) == Some(false)).await;
    for (status, healthy) in [("passing", true), ("warning", true), ("critical", false), ("warning", true)] {
        consul.change(|state| state.set_check(AGENT, "service:w", status));
        watcher.until(status, SOON, |view| health(view) == Some(healthy)).await;
    }
}

#[tokio::test]
async fn a_thousand_services_need_no_thousand_connections() {
    let consul = FakeConsul::start().await;
    consul.change(|state| fill(state, 1_000, 40));
    let registry = Agent::new(&consul.url, None).registry();
    let mut watcher = Watcher::new(&registry);
    let mut most = 0;
    let whole = watcher.until("it is whole", Duration::from_secs(60), |view| view.shows(&service("s999")));
    let counting = async {
        loop {
            most = most.max(registry.report().connections.unwrap());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        () = whole => {}
        () = counting => unreachable!("it counts for ever"),
    }
    assert!((2..=16).contains(&most), "{most} connections");
    for round in 0..20 {
        consul.change(|state| {
            state.register("host7", &json!({ "Name": "s7", "ID": "s7-1", "Port": 80, "Meta": { "round": round.to_string() } }));
        });
    }
    watcher
        .until("the last of a burst is shown", SOON, |view| {
            view.instances(&service("s7"))[0].metadata.get("round").is_some_and(|r| r == "19")
        })
        .await;
    assert!(registry.report().connections.unwrap() <= 16);
}

#[tokio::test]
async fn a_dropped_watch_holds_nothing_open() {
    let consul = FakeConsul::start().await;
    let registry = Agent::new(&consul.url, None).registry();
    let mut watcher = Watcher::new(&registry);
    watcher.until("it is whole", SOON, |_| true).await;
    settled(&consul, &mut watcher).await;
    assert!(registry.report().ways[0].in_force);
    drop(watcher);
    assert!(!registry.report().ways[0].in_force);
    let deadline = tokio::time::Instant::now() + SOON;
    while consul.under_way() > 0 {
        assert!(tokio::time::Instant::now() < deadline, "{} requests still wait", consul.under_way());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_server_rebuilt_with_small_indexes_is_followed_on() {
    let consul = FakeConsul::start().await;
    let agent = Agent::new(&consul.url, None);
    let mut config = crate::fixture::config(&[&consul.url]);
    config.freshness_bound = Duration::from_secs(1);
    let mut watcher = Watcher::new(&crate::fixture::registry(config));
    agent.register_body(json!({ "Name": "web", "ID": "w1", "Port": 1 })).await;
    watcher.until("it is whole", SOON, |view| view.instances(&service("web")).len() == 1).await;
    consul.change(State::rewind);
    agent.register_body(json!({ "Name": "web", "ID": "w2", "Port": 2 })).await;
    watcher.until("what came after is shown", SOON, |view| view.instances(&service("web")).len() == 2).await;
    assert_eq!(agent.scope(), service("web").scope);
    assert_eq!(watcher.lists(), 1);
}
