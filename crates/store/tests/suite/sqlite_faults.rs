//! A file on a real machine: locked by another, and on a disk without room.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pilothouse_console::ports::{AuditLog, Ledger, LedgerBatch, StoreError};
use pilothouse_model::{Actor, AuditAction, AuditEntry, AuditOutcome, Millis};
use pilothouse_store::{Store, StoreConfig};
use sqlx::{AnyConnection, Connection};

use crate::fleet::{applied, facts, instance, instance_key};

fn config(path: &Path) -> StoreConfig {
    StoreConfig { url: path.to_str().unwrap().into(), patience: Duration::from_millis(100) }
}

fn one(n: u8) -> LedgerBatch {
    facts([applied(i64::from(n), instance(0, n, 1.0, true))])
}

#[tokio::test]
async fn a_locked_file_is_told_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("console.db");
    let store = Store::open(config(&path)).await.unwrap();
    store.append(&one(1)).await.unwrap();

    let mut other = AnyConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let entry = AuditEntry {
        id: "a".into(),
        at: Millis(1),
        actor: Actor::local(),
        action: AuditAction::Deregister { instance: instance_key(0, 1) },
        reason: String::new(),
        outcome: AuditOutcome::Started,
    };
    assert!(matches!(store.append(&one(2)).await, Err(StoreError::Locked(_))));
    assert!(matches!(store.begin(&entry).await, Err(StoreError::Locked(_))));
    assert!(matches!(Store::open(config(&path)).await, Err(StoreError::Locked(_))));
    assert_eq!(store.fleet_at(Millis(9)).await.unwrap().instances.len(), 1, "reading goes on");

    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    store.append(&one(2)).await.unwrap();
    assert_eq!(store.fleet_at(Millis(9)).await.unwrap().instances.len(), 2);
}

/// A file system of two megabytes; unmounted when dropped.
struct TinyDisk(PathBuf);

impl TinyDisk {
    fn mount(at: &Path) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = TinyDisk::mount(folder.path()) else {
        return eprintln!("the test of a full disk is SKIPPED: only root may mount a small one");
    };
    let path = disk.0.join("console.db");
    let store = Store::open(config(&path)).await.unwrap();
    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![1; 512 * 1024]).unwrap();

    let mut accepted = 0;
    let refused = loop {
        let at = i64::from(accepted) + 1;
        let batch = facts((0..40).map(|n| {
            let mut one = instance(0, n, f64::from(accepted), true);
            one.metadata.insert("padding".into(), "x".repeat(500));
            applied(at, one)
        }));
        match store.append(&batch).await {
            Ok(()) => accepted += 1,
            Err(error) => break error,
        }
        assert!(accepted < 1_000, "two megabytes hold this much");
    };
    assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
    assert!(accepted > 3);
    let weight = |fleet: pilothouse_console::ports::PastFleet| fleet.instances.iter().map(|one| one.weight).collect::<Vec<_>>();
    let last = Millis(i64::from(accepted) + 1);
    assert_eq!(
        weight(store.fleet_at(last).await.unwrap()),
        vec![f64::from(accepted - 1); 40],
        "all that was accepted, nothing of the rest"
    );
    assert!(matches!(store.append(&one(1)).await, Ok(()) | Err(StoreError::Full(_))), "the store still answers");

    std::fs::remove_file(&ballast).unwrap();
    store.append(&facts([applied(last.0, instance(1, 0, 1.0, true))])).await.unwrap();
    store.close().await;
    let store = Store::open(config(&path)).await.unwrap();
    assert_eq!(store.fleet_at(last).await.unwrap().instances.iter().filter(|one| one.key.service == instance_key(1, 0).service).count(), 1);
    store.close().await;
}
