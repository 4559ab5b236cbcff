//! Elections, dead servers, missing rights: what is borne, what is told.

use std::sync::Arc;
use std::time::Duration;

use pilothouse_model::{Login, SourceProblem};
use pilothouse_registry::conformance::Watcher;
use pilothouse_registry::{Registry, RegistryError, Secret};
use serde_json::json;

use crate::fake::{AGENT, FakeConsul, Fault};
use crate::fixture::{Agent, config, registry};
use crate::watching::{service, settled};

const SOON: Duration = Duration::from_secs(5);
const NO_LEADER: Fault = Fault::Answers(500, "No cluster leader");

async fn following(consul: &FakeConsul, registry: &Arc<dyn Registry>) -> Watcher {
    let mut watcher = Watcher::new(registry);
    watcher.until("it is whole", SOON, |_| true).await;
    settled(consul, &mut watcher).await;
    watcher
}

#[tokio::test]
async fn an_election_passes_unnoticed() {
    let consul = FakeConsul::start().await;
    let agent = Agent::new(&consul.url, None);
    let mut watcher = following(&consul, &agent.registry()).await;
    consul.change(|state| state.register(AGENT, &json!({ "Name": "web", "ID": "w1", "Port": 1 })));
    consul.fails(NO_LEADER);
    let errors = watcher.for_a_while(Duration::from_millis(1_500)).await;
    assert!(errors.is_empty(), "{errors:?}");
    consul.fails(Fault::None);
    watcher.until("what happened meanwhile is shown", SOON, |view| view.instances(&service("web")).len() == 1).await;
    assert_eq!(watcher.lists(), 1, "without a new list");
}

#[tokio::test]
async fn a_lost_quorum_is_an_error_and_then_a_new_list() {
    let consul = FakeConsul::start().await;
    let registry = Agent::new(&consul.url, None).registry();
    let mut watcher = following(&consul, &registry).await;
    consul.fails(NO_LEADER);
    let error = watcher.error(Duration::from_secs(20)).await;
    assert!(matches!(&error, RegistryError::Rejected { status: 500, body, .. } if body == "No cluster leader"), "{error}");
    assert!(!registry.report().ways[0].in_force);
    consul.fails(Fault::None);
    let whole = async {
        while watcher.lists() < 2 {
            let _ = watcher.step().await;
        }
    };
    tokio::time::timeout(SOON, whole).await.unwrap();
}

#[tokio::test]
async fn another_server_takes_over_from_one_that_hangs() {
    let (first, second) = (FakeConsul::start().await, FakeConsul::start().await);
    for consul in [&first, &second] {
        consul.change(|state| state.register(AGENT, &json!({ "Name": "web", "ID": "w1", "Port": 1 })));
    }
    let mut settings = config(&[&first.url, &second.url]);
    settings.freshness_bound = Duration::from_secs(2);
    let mut watcher = following(&first, &registry(settings)).await;
    first.fails(Fault::Hangs);
    second.change(|state| state.register(AGENT, &json!({ "Name": "web", "ID": "w2", "Port": 2 })));
    watcher.until("the other one's view is shown", SOON, |view| view.instances(&service("web")).len() == 2).await;
    assert_eq!(watcher.lists(), 1);
}

#[tokio::test]
async fn a_refused_token_is_told_and_then_accepted() {
    let consul = FakeConsul::start().await;
    let mut settings = config(&[&consul.url]);
    settings.token = Some(Secret::new("s3cret"));
    let registry = registry(settings);
    assert!(matches!(registry.report().login, Login::Accepted { .. }), "not refused so far");
    consul.fails(Fault::Answers(403, "ACL not found"));
    let error = Watcher::new(&registry).error(SOON).await;
    assert!(matches!(&error, RegistryError::Unauthorized { why, .. } if why == "ACL not found"), "{error}");
    assert_eq!(registry.report().login, Login::Refused { why: "ACL not found".into() });
    assert!(!format!("{error:?} {:?}", registry.report()).contains("s3cret"));
    consul.fails(Fault::None);
    following(&consul, &registry).await;
    assert!(matches!(registry.report().login, Login::Accepted { .. }));
}

#[tokio::test]
async fn missing_rights_are_states_and_no_empty_lists() {
    let consul = FakeConsul::start().await;
    let registry = Agent::new(&consul.url, None).registry();
    consul.fails(Fault::Hides);
    following(&consul, &registry).await;
    let hidden = SourceProblem::FilteredEmpty { what: "the services of dc1".into() };
    assert_eq!(registry.report().problems, [hidden]);
    assert_eq!(registry.report().login, Login::None);

    consul.fails(Fault::Answers(403, "Permission denied: anonymous token lacks permission 'service:read'"));
    let mut settings = config(&[&consul.url]);
    settings.datacenter = Some("dc1".into());
    let named = crate::fixture::registry(settings);
    let error = Watcher::new(&named).error(SOON).await;
    assert!(matches!(&error, RegistryError::Forbidden { what } if what.ends_with("of dc1")), "{error}");
    assert!(matches!(named.report().problems[0], SourceProblem::Forbidden { .. }));

    consul.fails(Fault::None);
    following(&consul, &named).await;
    assert_eq!(named.report().problems, [], "they go away with their reason");
}

#[tokio::test]
async fn another_product_is_told_apart() {
    for (status, body) in
        [(200, "<html><title>Welcome to nginx!</title>"), (200, "{\"timestamp\":1}"), (404, "<!doctype html><title>404</title>")]
    {
        let consul = FakeConsul::start().await;
        consul.fails(Fault::Answers(status, body));
        let error = Watcher::new(&Agent::new(&consul.url, None).registry()).error(SOON).await;
        assert!(matches!(error, RegistryError::NotThisRegistry { expected: "Consul", .. }), "{error}");
    }
}

#[tokio::test]
async fn the_version_is_learnt_from_the_servers() {
    let consul = FakeConsul::start().await;
    let registry = Agent::new(&consul.url, None).registry();
    assert_eq!(registry.report().version, None);
    following(&consul, &registry).await;
    assert_eq!(registry.report().version.as_deref(), Some("Consul 1.22.5"));
}
