//! The audit: begun before, finished once, newest first.

use pilothouse_console::ports::{AuditLog, StoreError};
use pilothouse_model::{Actor, AuditAction, AuditEntry, AuditOutcome, Millis};
use pilothouse_store::Store;

use crate::databases::Databases;
use crate::fleet::instance_key;

fn entry(id: &str, at: i64) -> AuditEntry {
    AuditEntry {
        id: id.into(),
        at: Millis(at),
        actor: Actor::from("ann \u{0}".to_owned()),
        action: AuditAction::Deregister { instance: instance_key(2, 0) },
        reason: "rack 6 \u{0} 🚢".into(),
        outcome: AuditOutcome::Started,
    }
}

pub(crate) async fn an_entry_is_begun_and_finished_once(databases: Databases) {
    let config = databases.fresh();
    let store = Store::open(config.clone()).await.unwrap();
    for (id, at) in [("a", 10), ("b", 30), ("c", 30), ("d", 20)] {
        store.begin(&entry(id, at)).await.unwrap();
    }
    assert!(store.begin(&entry("a", 40)).await.is_err(), "an id is taken once");
    let why = AuditOutcome::Failed { why: "403".into() };
    store.finish("b", &why).await.unwrap();
    for (id, outcome, field) in [("b", &AuditOutcome::Verified, "id"), ("z", &why, "id"), ("a", &AuditOutcome::Started, "outcome")] {
        match store.finish(id, outcome).await {
            Err(StoreError::Invalid { field: named, .. }) => assert_eq!(named, field),
            other => panic!("{id}: {other:?}"),
        }
    }
    store.close().await;
    let store = Store::open(config).await.unwrap();
    let finished = AuditEntry { outcome: why, ..entry("b", 30) };
    assert_eq!(store.latest(3).await.unwrap(), [entry("c", 30), finished, entry("d", 20)]);
}
