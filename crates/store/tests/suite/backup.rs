//! Backups of a store at work.

use pilothouse_console::ports::{Ledger, StoreError};
use pilothouse_model::Millis;
use pilothouse_store::{Store, StoreConfig};

use crate::databases::Databases;
use crate::fleet::{applied, facts, instance};

pub(crate) async fn a_copy_is_made_of_a_running_store(databases: Databases) {
    let config = databases.fresh();
    let store = Store::open(config.clone()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new folder").join("it's a copy.db");
    if databases.is_postgres() {
        let refused = store.backup(&path).await.unwrap_err();
        assert!(refused.to_string().contains("pg_dump"), "{refused}");
        return;
    }
    for round in 1..=2_u8 {
        store.append(&facts([applied(i64::from(round), instance(0, round, 1.0, true))])).await.unwrap();
        let meanwhile = facts([applied(100 + i64::from(round), instance(1, round, 1.0, true))]);
        let (copied, appended) = tokio::join!(store.backup(&path), store.append(&meanwhile));
        copied.unwrap();
        appended.unwrap();
        let copy = Store::open(StoreConfig::at(path.to_str().unwrap())).await.unwrap();
        assert_eq!(copy.fleet_at(Millis(50)).await.unwrap(), store.fleet_at(Millis(50)).await.unwrap(), "round {round}");
        copy.close().await;
    }
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["it's a copy.db"], "nothing is left beside it");

    let itself = store.backup(std::path::Path::new(&config.url)).await.unwrap_err();
    assert!(matches!(itself, StoreError::Invalid { field: "path", .. }), "{itself}");
    assert!(store.backup(std::path::Path::new("/proc/nowhere/copy.db")).await.is_err());
    assert_eq!(store.fleet_at(Millis(1)).await.unwrap().instances.len(), 1);
}
