//! The schema and its upgrades.

use pilothouse_console::ports::StoreError;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Connection, SqlSafeStr};

use crate::database::{Durability, Engine};
use crate::failure::Failure;

/// One upgrade, told to both databases. A migration that was released is never changed: its checksum is stored.
struct Upgrade {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const UPGRADES: &[Upgrade] = &[Upgrade {
    version: 1,
    name: "ledger audit settings",
    sqlite: include_str!("../migrations/sqlite/0001_ledger_audit_settings.sql"),
    postgres: include_str!("../migrations/postgres/0001_ledger_audit_settings.sql"),
}];

/// Brings the schema to the newest version known, all or nothing; refuses one that a newer build wrote.
pub(crate) async fn upgrade(engine: &Engine, connection: &mut AnyConnection) -> Result<(), Failure> {
    if let Engine::Sqlite { .. } = engine {
        sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *connection).await?;
    }
    let mut transaction = connection.begin_with(engine.begin_write(Durability::PowerLoss)).await?;
    match migrator(engine).run(&mut *transaction).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(MigrateError::VersionMissing(_)) => {
            let found: i64 = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut *transaction).await?;
            Err(StoreError::TooNew { found, known: newest() }.into())
        }
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(error.into()),
        Err(other) => Err(StoreError::Failed(other.to_string()).into()),
    }
}

fn newest() -> i64 {
    UPGRADES.iter().map(|upgrade| upgrade.version).max().unwrap_or_default()
}

fn migrator(engine: &Engine) -> Migrator {
    let migration = |upgrade: &Upgrade| {
        let text = match engine {
            Engine::Sqlite { .. } => upgrade.sqlite,
            Engine::Postgres => upgrade.postgres,
        };
        Migration::new(upgrade.version, upgrade.name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(UPGRADES.iter().map(migration).collect())
}
