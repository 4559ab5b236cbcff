//! Writing on instances: through the agent that owns them, or not at all.

use std::sync::Arc;

use pilothouse_model::{Instance, InstanceEdit};
use pilothouse_registry::{Entry, Registry, RegistryError};
use serde_json::json;

use crate::fake::{AGENT, FakeConsul, State};
use crate::fixture::Agent;
use crate::watching::service;

async fn web(consul: &FakeConsul, fill: impl FnOnce(&mut State)) -> (Arc<dyn Registry>, Instance) {
    consul.change(fill);
    let registry = Agent::new(&consul.url, None).registry();
    let instance = read(&registry).await.expect("one instance");
    consul.asked();
    (registry, instance)
}

async fn read(registry: &Arc<dyn Registry>) -> Option<Instance> {
    let entries = registry.service(&service("web")).await.unwrap();
    entries.into_iter().find_map(|entry| if let Entry::Instance(instance) = entry { Some(instance) } else { None })
}

fn enabled(enabled: bool) -> InstanceEdit {
    InstanceEdit { enabled: Some(enabled), ..InstanceEdit::default() }
}

fn writes(consul: &FakeConsul) -> Vec<String> {
    consul.asked().into_iter().filter(|line| !line.starts_with("GET ")).collect()
}

#[tokio::test]
async fn the_owning_agent_sets_maintenance_mode() {
    let consul = FakeConsul::start().await;
    let (registry, instance) = web(&consul, |state| state.register(AGENT, &json!({ "Name": "web", "ID": "w 1/%" }))).await;
    registry.edit_instance(&instance.key, &enabled(false)).await.unwrap();
    assert!(!read(&registry).await.unwrap().enabled);
    assert_eq!(read(&registry).await.unwrap().health.healthy(), Some(true), "maintenance is no illness");
    registry.edit_instance(&instance.key, &enabled(true)).await.unwrap();
    assert!(read(&registry).await.unwrap().enabled);
    let path = "PUT /v1/agent/service/maintenance/w%201%2F%25?enable";
    assert_eq!(
        writes(&consul),
        [format!("{path}=true&reason=set%20in%20Pilothouse"), format!("{path}=false&reason=set%20in%20Pilothouse")]
    );
}

#[tokio::test]
async fn an_agent_that_is_no_endpoint_is_named() {
    let consul = FakeConsul::start().await;
    let fill = |state: &mut State| {
        state.node("far", "10.0.0.7", true);
        state.register("far", &json!({ "Name": "web", "ID": "w1" }));
    };
    let (registry, instance) = web(&consul, fill).await;
    let error = registry.edit_instance(&instance.key, &enabled(false)).await.unwrap_err().to_string();
    assert!(error.contains("on node far (10.0.0.7)"), "{error}");
    assert_eq!(writes(&consul), Vec::<String>::new());
    registry.deregister(&instance.key).await.unwrap();
    assert_eq!(writes(&consul), ["PUT /v1/catalog/deregister"]);
    assert_eq!(read(&registry).await, None);
}

#[tokio::test]
async fn a_node_without_an_agent_is_written_in_the_catalog() {
    let consul = FakeConsul::start().await;
    let fill = |state: &mut State| {
        state.node("outside", "10.9.9.9", false);
        state.register("outside", &json!({ "Name": "web", "ID": "w1" }));
    };
    let (registry, instance) = web(&consul, fill).await;
    for on in [false, true] {
        registry.edit_instance(&instance.key, &enabled(on)).await.unwrap();
        assert_eq!(read(&registry).await.unwrap(), Instance { enabled: on, ..instance.clone() });
    }
    assert_eq!(writes(&consul), ["PUT /v1/catalog/register", "PUT /v1/catalog/deregister"]);
}

#[tokio::test]
async fn a_node_in_maintenance_is_not_ended_by_an_instance() {
    let consul = FakeConsul::start().await;
    let fill = |state: &mut State| {
        state.register(AGENT, &json!({ "Name": "web", "ID": "w1" }));
        state.check(AGENT, "_node_maintenance", "", "critical", "maintenance");
    };
    let (registry, instance) = web(&consul, fill).await;
    assert!(!instance.enabled);
    let error = registry.edit_instance(&instance.key, &enabled(true)).await.unwrap_err();
    assert!(matches!(error, RegistryError::Invalid { field: "enabled", .. }), "{error}");
}

#[tokio::test]
async fn an_edit_of_nothing_is_refused() {
    let consul = FakeConsul::start().await;
    let (registry, instance) = web(&consul, |state| state.register(AGENT, &json!({ "Name": "web", "ID": "w1" }))).await;
    let error = registry.edit_instance(&instance.key, &InstanceEdit::default()).await.unwrap_err();
    assert!(matches!(error, RegistryError::Invalid { field: "edit", .. }), "{error}");
    let both = InstanceEdit { weight: Some(2.0), ..enabled(false) };
    let error = registry.edit_instance(&instance.key, &both).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unsupported(_)), "all or nothing: {error}");
    assert_eq!(writes(&consul), Vec::<String>::new());
}
