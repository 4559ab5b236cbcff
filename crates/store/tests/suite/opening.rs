//! Opening: made on demand, found again, refused when newer, and silent about passwords.

use pilothouse_console::ports::Ledger;
use pilothouse_model::Millis;
use pilothouse_store::{Store, StoreConfig, StoreError};

use crate::databases::Databases;
use crate::fleet::{applied, facts, instance};

pub(crate) async fn a_store_is_made_and_found_again(databases: Databases) {
    let config = databases.fresh();
    let store = Store::open(config.clone()).await.unwrap();
    store.append(&facts([applied(10, instance(0, 0, 1.0, true))])).await.unwrap();
    store.close().await;
    assert!(matches!(store.fleet_at(Millis(10)).await, Err(StoreError::Unavailable(_))), "a closed store answers nothing");

    let again = Store::open(config).await.unwrap();
    assert_eq!(again.fleet_at(Millis(10)).await.unwrap().instances, [instance(0, 0, 1.0, true)]);
    assert!(again.fleet_at(Millis(9)).await.unwrap().instances.is_empty());
}

pub(crate) async fn a_newer_schema_is_refused(databases: Databases) {
    let config = databases.fresh();
    Store::open(config.clone()).await.unwrap().close().await;
    databases.execute(
        &config,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (900, 'x', true, '', 0), (901, 'y', true, '', 0)",
    )
    .await;
    match Store::open(config).await {
        Err(error @ StoreError::TooNew { found: 901, known }) => {
            assert!(known < 900);
            assert!(error.to_string().contains("restore a backup"), "{error}");
        }
        other => panic!("{:?}", other.err()),
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_why_and_keeps_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let (file, garbage) = (folder.path().join("file"), folder.path().join("garbage.db"));
    std::fs::write(&file, "").unwrap();
    std::fs::write(&garbage, "this is no database, but it is long enough to be taken for one ".repeat(50)).unwrap();
    for (url, expected) in [
        ("", "Invalid"),
        ("mysql://me:hunter2@localhost/x", "Invalid"),
        ("postgres://me:hunter2@local host/x", "Invalid"),
        ("postgres://me:hunter2@localhost:99999/x", "Invalid"),
        ("postgres://me:hunter2@127.0.0.1:1/x?connect=hunter2", "Unavailable"),
        ("postgres://me@localhost/x?host=/nowhere&password=hunter2", "Unavailable"),
        (&format!("{}/console.db", file.display()), "Unavailable"),
        (&folder.path().display().to_string(), "Unavailable"),
        (&garbage.display().to_string(), "Unavailable"),
    ] {
        let error = Store::open(StoreConfig::at(url)).await.err().unwrap_or_else(|| panic!("{url} opens"));
        let shown = format!("{error:?} {error}");
        assert!(shown.starts_with(expected), "{url}: {shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
