//! The KV store as configs.

use std::sync::Arc;

use pilothouse_model::{ConfigKey, Expected, Revision};
use pilothouse_registry::transport::Ask;
use pilothouse_registry::{Registry, RegistryError};

use crate::fake::FakeConsul;
use crate::fixture::Agent;
use crate::watching::service;

fn key(name: &str) -> ConfigKey {
    ConfigKey { scope: service("").scope, data_id: name.into() }
}

async fn consul() -> (FakeConsul, Agent, Arc<dyn Registry>) {
    let consul = FakeConsul::start().await;
    let agent = Agent::new(&consul.url, None);
    let registry = agent.registry();
    (consul, agent, registry)
}

async fn revision(registry: &Arc<dyn Registry>, key: &ConfigKey) -> Revision {
    registry.config(key).await.unwrap().unwrap().revision
}

#[tokio::test]
async fn the_flags_of_a_key_outlive_a_write() {
    let (consul, agent, registry) = consul().await;
    agent.ask(Ask::put("/v1/kv/a/b", "x").query("flags", "42").body("text/plain", "one")).await;
    let base = revision(&registry, &key("a/b")).await;
    registry.put_config(&key("a/b"), "two", None, &Expected::Present(base)).await.unwrap();
    assert_eq!(consul.change(|state| state.keys["a/b"].flags), 42);
}

#[tokio::test]
async fn writing_the_same_again_is_no_conflict() {
    let (_consul, _, registry) = consul().await;
    let first = registry.put_config(&key("a"), "same", None, &Expected::Absent).await.unwrap();
    let second = registry.put_config(&key("a"), "same", None, &Expected::Present(first.clone())).await.unwrap();
    assert_eq!(first, second, "Consul moves no index for the same value");
}

#[tokio::test]
async fn what_consul_would_refuse_is_not_sent() {
    let (consul, agent, registry) = consul().await;
    agent.ask(Ask::put("/v1/kv/bytes", "x").body("text/plain", &b"\xff\xfe"[..])).await;
    let error = registry.config(&key("bytes")).await.unwrap_err();
    assert!(matches!(error, RegistryError::Invalid { field: "content", .. }), "{error}");
    consul.asked();
    let error = registry.put_config(&key("big"), &"x".repeat(512 * 1024 + 1), None, &Expected::Absent).await.unwrap_err();
    assert!(matches!(error, RegistryError::Invalid { field: "content", .. }), "{error}");
    for name in ["", "a//b", "../a"] {
        let error = registry.put_config(&key(name), "x", None, &Expected::Absent).await.unwrap_err();
        assert!(matches!(error, RegistryError::Invalid { field: "dataId", .. }), "{error}");
    }
    assert_eq!(consul.asked(), Vec::<String>::new());
    registry.put_config(&key("big"), &"x".repeat(512 * 1024), None, &Expected::Absent).await.unwrap();
}

#[tokio::test]
async fn revisions_that_are_none_of_consuls_conflict() {
    let (_consul, _, registry) = consul().await;
    let base = registry.put_config(&key("a"), "one", None, &Expected::Absent).await.unwrap();
    for text in ["", "0", "abc", "-1"] {
        let stale = Revision(text.into());
        let error = registry.put_config(&key("a"), "two", None, &Expected::Present(stale.clone())).await.unwrap_err();
        assert!(matches!(&error, RegistryError::Conflict { current: Some(current) } if *current == base), "{text}: {error}");
        assert!(matches!(registry.delete_config(&key("a"), &stale).await, Err(RegistryError::Conflict { .. })), "{text}");
    }
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let (consul, _, registry) = consul().await;
    consul.change(|state| {
        for n in 0..1_203 {
            let key = crate::fake::Key { value: vec![b'x'], flags: 0, created: 1, modified: 1 };
            state.keys.insert(format!("app/{n:05}"), key);
        }
    });
    let namespace = key("").scope.namespace;
    let (mut names, mut sizes, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
    loop {
        let page = registry.configs(&namespace, cursor.as_deref()).await.unwrap();
        sizes.push(page.heads.len());
        names.extend(page.heads.into_iter().map(|head| head.key.data_id.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [500, 500, 203]);
    assert!(names.is_sorted() && names.len() == 1_203);
}
