//! Configs: compare-and-set, and the present revision in every conflict.

use std::sync::Arc;

use pilothouse_model::{ConfigOperation, Expected, Revision};
use tokio::time::{Instant, sleep};

use super::Fixture;
use super::instances::{done, unsupported};
use crate::{Registry, RegistryError};

const TEXT: &str = "limit: 5\nwords: \"é 订单 😀 a&b=c+d%20\"\n";

pub(super) async fn reads_and_writes_are_done_or_unsupported(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (key, claimed) = (fixture.config("cas"), registry.capabilities().configs);
    if !done(claimed.read, "reading configs", registry.config(&key).await) {
        unsupported("listing configs", &registry.configs(&key.scope.namespace, None).await);
        unsupported("writing configs", &registry.put_config(&key, TEXT, None, &Expected::Absent).await);
        return;
    }
    assert_eq!(registry.config(&key).await.unwrap(), None, "a config that is not there is none");
    if !done(claimed.write, "writing a config", registry.put_config(&key, TEXT, None, &Expected::Absent).await) {
        return;
    }
    let first = reads(registry, fixture, &key, TEXT).await;
    assert!(lists(registry, &key).await, "a config that is there is listed");

    let again = registry.put_config(&key, "other", None, &Expected::Absent).await;
    assert_conflict(again, Some(&first), "creating what is there");
    let second = registry.put_config(&key, "second", None, &Expected::Present(first.clone())).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(reads(registry, fixture, &key, "second").await, second, "the revision a write returns is the one that is read");
    let stale = registry.put_config(&key, "third", None, &Expected::Present(first.clone())).await;
    assert_conflict(stale, Some(&second), "writing over what one has not seen");

    fixture.publish(&key.data_id, "from elsewhere").await;
    let third = reads(registry, fixture, &key, "from elsewhere").await;
    let stale = registry.put_config(&key, "fourth", None, &Expected::Present(second.clone())).await;
    assert_conflict(stale, Some(&third), "writing over another's change");
    assert_eq!(reads(registry, fixture, &key, "from elsewhere").await, third, "a conflict writes nothing");

    if done(claimed.delete, "deleting a config", registry.delete_config(&key, &third).await) {
        let gone = || async { registry.config(&key).await.unwrap().is_none() };
        let deadline = Instant::now() + fixture.patience();
        while !gone().await {
            assert!(Instant::now() < deadline, "a deleted config is none");
            sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_conflict(registry.delete_config(&key, &third).await, None, "deleting what is gone");
        assert_conflict(registry.put_config(&key, "x", None, &Expected::Present(third)).await, None, "writing over what is gone");
    }
}

pub(super) async fn rare_things_are_done_or_unsupported(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (key, claimed) = (fixture.config("rare"), registry.capabilities().configs);
    fixture.publish(&key.data_id, "one").await;
    fixture.publish(&key.data_id, "two").await;
    let revision = if claimed.read { Some(reads(registry, fixture, &key, "two").await) } else { None };

    let history = registry.config_history(&key, 10).await;
    match (claimed.history, history) {
        (false, history) => unsupported("history", &history),
        (true, history) => {
            let rows = history.unwrap();
            let operations: Vec<_> = rows.iter().map(|row| row.operation).collect();
            assert_eq!(operations, [ConfigOperation::Update, ConfigOperation::Create], "newest first");
            assert!(rows[0].at >= rows[1].at);
            assert_eq!(registry.config_history(&key, 1).await.unwrap(), rows[..1], "a limit keeps the newest");
        }
    }
    done(claimed.listeners, "listeners", registry.config_listeners(&key).await);

    let addresses = ["10.11.0.1".to_owned()];
    if done(claimed.beta, "a gray publish", registry.put_beta(&key, "gray", &addresses).await) {
        let beta = registry.beta(&key).await.unwrap().expect("a gray publish is in force");
        assert_eq!((beta.document.content.as_str(), beta.addresses.as_slice()), ("gray", addresses.as_slice()));
        assert_eq!(registry.config(&key).await.unwrap().map(|document| document.revision), revision, "everyone else keeps theirs");
        registry.stop_beta(&key).await.unwrap();
    } else {
        unsupported("ending a gray publish", &registry.stop_beta(&key).await);
    }
    match registry.beta(&key).await {
        Ok(beta) if claimed.beta => assert_eq!(beta, None, "an ended gray publish is none"),
        beta => unsupported("reading a gray publish", &beta),
    }
    if let (true, Some(revision)) = (claimed.delete, revision) {
        registry.delete_config(&key, &revision).await.unwrap();
    }
}

/// The revision of a config once it reads as `content`; some registries serve a write a moment after it.
async fn reads(registry: &Arc<dyn Registry>, fixture: &dyn Fixture, key: &pilothouse_model::ConfigKey, content: &str) -> Revision {
    let deadline = Instant::now() + fixture.patience();
    loop {
        let read = registry.config(key).await.unwrap();
        match read {
            Some(document) if document.content == content => return document.revision,
            other => assert!(Instant::now() < deadline, "{} reads as {content:?}: {other:?}", key.data_id),
        }
        sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn lists(registry: &Arc<dyn Registry>, key: &pilothouse_model::ConfigKey) -> bool {
    let mut cursor: Option<String> = None;
    loop {
        let page = registry.configs(&key.scope.namespace, cursor.as_deref()).await.unwrap();
        if page.heads.iter().any(|head| head.key == *key) {
            return true;
        }
        match page.next {
            Some(next) => {
                assert_ne!(Some(&next), cursor.as_ref(), "a list that never ends");
                cursor = Some(next);
            }
            None => return false,
        }
    }
}

fn assert_conflict<T: std::fmt::Debug>(outcome: Result<T, RegistryError>, present: Option<&Revision>, what: &str) {
    match outcome {
        Err(RegistryError::Conflict { current }) => {
            assert_eq!(current.as_ref(), present, "{what}: the conflict names the present revision");
        }
        other => panic!("{what} is a conflict: {other:?}"),
    }
}
