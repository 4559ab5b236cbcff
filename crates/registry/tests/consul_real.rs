//! The Consul adapter on a real Consul. `PILOTHOUSE_CONSUL` names the binary; without it every test says so and passes.

#[path = "consul/fixture.rs"]
mod fixture;
#[path = "consul/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fixture::{Agent, config, registry};
use pilothouse_model::{Login, Namespace, Scope, ServiceKey, SourceProblem};
use pilothouse_registry::conformance::{self, Watcher};
use pilothouse_registry::transport::Ask;
use pilothouse_registry::{Registry, RegistryError, Secret};
use serde_json::json;
use server::{Server, binary};
use tokio::time::Instant;

const SOON: Duration = Duration::from_secs(10);
const TOKEN: &str = "11111111-1111-1111-1111-111111111111";

fn service(name: &str) -> ServiceKey {
    let scope = Scope { registry: "consul-test".parse().unwrap(), namespace: Namespace::new("dc1"), group: "".into() };
    ServiceKey { scope, name: name.into() }
}

fn milliseconds(took: Duration) -> u128 {
    took.as_millis()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_the_promises_of_every_adapter() {
    let Some(binary) = binary() else { return };
    let server = Server::dev(&binary, "").await;
    let agent = Agent::new(&server.url, None);
    conformance::run(agent.registry(), &agent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_and_maintenance_are_followed() {
    let Some(binary) = binary() else { return };
    let server = Server::dev(&binary, "").await;
    let agent = Agent::new(&server.url, None);
    let registry = agent.registry();
    let mut watcher = Watcher::new(&registry);
    let body = json!({ "Name": "web", "ID": "w1", "Port": 80, "Check": { "CheckID": "c1", "TTL": "60s" } });
    agent.register_body(body).await;
    let health = |view: &Watcher| view.instances(&service("web")).first().and_then(|instance| instance.health.healthy());
    watcher.until("a TTL check is born critical", SOON, |view| health(view) == Some(false)).await;
    for (status, healthy) in [("pass", true), ("warn", true), ("fail", false), ("pass", true)] {
        let began = Instant::now();
        agent.put(&format!("/v1/agent/check/{status}/c1"), &json!(null)).await;
        watcher.until(status, SOON, |view| health(view) == Some(healthy)).await;
        eprintln!("check {status} shown after {} ms", milliseconds(began.elapsed()));
    }
    agent.put("/v1/agent/maintenance?enable=true", &json!(null)).await;
    watcher.until("the whole node is in maintenance", SOON, |view| !view.instances(&service("web"))[0].enabled).await;
    assert_eq!(health(&watcher), Some(true), "maintenance is no illness");
    agent.put("/v1/agent/maintenance?enable=false", &json!(null)).await;
    watcher.until("it is over", SOON, |view| view.instances(&service("web"))[0].enabled).await;

    agent
        .put(
            "/v1/catalog/register",
            &json!({ "Node": "outside", "Address": "10.9.9.9", "Service": { "ID": "e1", "Service": "ext", "Port": 53 } }),
        )
        .await;
    watcher.until("a node without an agent is shown", SOON, |view| view.instances(&service("ext")).len() == 1).await;
    let external = watcher.instances(&service("ext")).remove(0);
    assert_eq!(external.address(), "10.9.9.9:53");
    let off = pilothouse_model::InstanceEdit { enabled: Some(false), ..Default::default() };
    registry.edit_instance(&external.key, &off).await.unwrap();
    watcher.until("maintenance in the catalog is shown", SOON, |view| !view.instances(&service("ext"))[0].enabled).await;
    registry.deregister(&external.key).await.unwrap();
    watcher.until("it is gone", SOON, |view| !view.shows(&service("ext"))).await;
    assert_eq!(registry.report().version.as_deref().map(|version| version.starts_with("Consul 1.")), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leader_of_three_is_killed_and_nobody_notices() {
    let Some(binary) = binary() else { return };
    let mut servers = Server::three(&binary).await;
    let urls = [0, 1, 2].map(|n| servers[n].url.clone());
    let registry = registry(config(&[&urls[0], &urls[1], &urls[2]]));
    let leader: String = Agent::new(&urls[0], None).ask(Ask::get("/v1/status/leader", "the leader")).await.json().unwrap();
    let leader = servers.iter().position(|server| server.rpc() == leader).expect("one of the three leads");
    let survivor = Agent::new(&urls[(leader + 1) % 3], None);
    survivor.register_body(json!({ "Name": "web", "ID": "w1", "Port": 1 })).await;
    let mut watcher = Watcher::new(&registry);
    watcher.until("it is whole", SOON, |view| view.instances(&service("web")).len() == 1).await;
    watcher.for_a_while(Duration::from_secs(1)).await;

    servers[leader].kill();
    let errors = watcher.for_a_while(Duration::from_secs(5)).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(watcher.instances(&service("web"))[0].health.healthy(), Some(true));
    let began = Instant::now();
    survivor.register_body(json!({ "Name": "web", "ID": "w2", "Port": 2 })).await;
    watcher.until("a change under the new leader is shown", SOON, |view| view.instances(&service("web")).len() == 2).await;
    eprintln!("a change under the new leader was shown after {} ms", milliseconds(began.elapsed()));
    servers[leader].start_again();
    watcher.until("the old leader came back", SOON, |view| view.shows(&service("consul"))).await;
    assert_eq!(watcher.lists(), 1, "without a new list");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_server_is_left_within_the_freshness_bound() {
    let Some(binary) = binary() else { return };
    let servers = Server::three(&binary).await;
    let leader: String = Agent::new(&servers[0].url, None).ask(Ask::get("/v1/status/leader", "the leader")).await.json().unwrap();
    let leader = servers.iter().position(|server| server.rpc() == leader).unwrap();
    let (follower, other) = ((leader + 1) % 3, (leader + 2) % 3);
    let registry = registry(config(&[&servers[follower].url, &servers[leader].url, &servers[other].url]));
    let mut watcher = Watcher::new(&registry);
    watcher.until("it is whole", SOON, |_| true).await;
    watcher.for_a_while(Duration::from_secs(1)).await;
    servers[follower].signal("-STOP");
    let frozen = Instant::now();
    let (mut last, mut longest) = (frozen, Duration::ZERO);
    while frozen.elapsed() < Duration::from_secs(20) {
        if let Ok(step) = tokio::time::timeout(Duration::from_secs(15), watcher.step()).await {
            step.unwrap();
        }
        longest = longest.max(last.elapsed());
        last = Instant::now();
    }
    servers[follower].signal("-CONT");
    eprintln!("the longest time without a proof of life was {} ms", milliseconds(longest));
    assert!(longest < Duration::from_secs(15), "{longest:?}");
    assert_eq!(watcher.lists(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgot_everything_is_followed_again() {
    let Some(binary) = binary() else { return };
    let mut server = Server::dev(&binary, "").await;
    let agent = Agent::new(&server.url, None);
    for n in 0..30 {
        agent.register_body(json!({ "Name": "web", "ID": format!("w{n}"), "Port": n })).await;
    }
    let registry = agent.registry();
    let mut watcher = Watcher::new(&registry);
    watcher.until("it is whole", SOON, |view| view.instances(&service("web")).len() == 30).await;
    server.kill();
    server.start_again();
    server.has_leader().await;
    agent.register_body(json!({ "Name": "web", "ID": "new", "Port": 1 })).await;
    let deadline = Instant::now() + Duration::from_secs(60);
    while watcher.instances(&service("web")).len() != 1 {
        // An error is no surprise here, only a lasting one would be.
        let _ = watcher.step().await;
        assert!(Instant::now() < deadline, "what it has now is never shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_states() {
    let Some(binary) = binary() else { return };
    let acl =
        format!("acl {{ enabled = true default_policy = \"deny\" tokens {{ initial_management = \"{TOKEN}\" agent = \"{TOKEN}\" }} }}");
    let server = Server::dev(&binary, &acl).await;
    let with_token = |token: Option<&str>| -> Arc<dyn Registry> {
        let mut config = config(&[&server.url]);
        config.token = token.map(Secret::new);
        registry(config)
    };
    let hidden = SourceProblem::FilteredEmpty { what: "the services of dc1".into() };

    let anonymous = with_token(None);
    Watcher::new(&anonymous).until("an empty list", SOON, |_| true).await;
    assert_eq!(anonymous.report().problems, std::slice::from_ref(&hidden));
    let error = anonymous.configs(&Namespace::new("dc1"), None).await.map(|page| page.heads.len());
    assert!(matches!(error, Ok(0)), "{error:?}");
    assert!(anonymous.report().problems.contains(&SourceProblem::FilteredEmpty { what: "the keys of dc1".into() }));

    let unknown = with_token(Some("22222222-2222-2222-2222-222222222222"));
    let error = Watcher::new(&unknown).error(SOON).await;
    assert!(matches!(error, RegistryError::Unauthorized { .. }), "{error}");
    assert_eq!(unknown.report().login, Login::Refused { why: "ACL not found".into() });

    let agent = Agent::new(&server.url, Some(TOKEN));
    agent.register_body(json!({ "Name": "web", "ID": "w1", "Port": 1 })).await;
    let manager = agent.registry();
    Watcher::new(&manager).until("all of it", SOON, |view| view.instances(&service("web")).len() == 1).await;
    assert_eq!(manager.report().problems, []);
    assert!(matches!(manager.report().login, Login::Accepted { .. }));
    let key = pilothouse_model::ConfigKey { scope: service("").scope, data_id: "a".into() };
    assert!(matches!(anonymous.config(&key).await, Err(RegistryError::Forbidden { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_services_over_sixteen_connections() {
    let Some(binary) = binary() else { return };
    let server = Server::dev(&binary, "").await;
    let agent = Agent::new(&server.url, None);
    let body = |n: usize, round: usize| json!({ "Name": format!("s{n}"), "ID": format!("s{n}-1"), "Port": 80, "Meta": { "round": round.to_string() } });
    for n in 0..1_000 {
        agent.register_body(body(n, 0)).await;
    }
    let registry = agent.registry();
    let mut watcher = Watcher::new(&registry);
    let began = Instant::now();
    watcher.until("it is whole", Duration::from_secs(60), |view| view.instances(&service("s999")).len() == 1).await;
    eprintln!("1,000 services listed in {} ms", milliseconds(began.elapsed()));
    let mut took = BTreeMap::new();
    for round in 1..=40 {
        let n = round * 17 % 1_000;
        watcher.for_a_while(Duration::from_millis(30)).await;
        let began = Instant::now();
        agent.register_body(body(n, round)).await;
        let shown = |view: &Watcher| view.instances(&service(&format!("s{n}")))[0].metadata["round"] == round.to_string();
        watcher.until("other metadata is shown", SOON, shown).await;
        took.insert(began.elapsed(), round);
        assert!(registry.report().connections.unwrap() <= 16);
    }
    let took: Vec<_> = took.into_keys().map(milliseconds).collect();
    eprintln!(
        "other metadata of one of 1,000 services shown after {} ms (median), {} ms (slowest of 40)",
        took[took.len() / 2],
        took[took.len() - 1]
    );
}
