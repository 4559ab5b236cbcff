//! The store itself: one writer, several readers.

use sqlx::any::Any;
use sqlx::{AnyPool, Connection, Transaction};

use crate::database::{Database, Durability, Role};
use crate::failure::Failure;
use crate::{StoreConfig, StoreError, schema};

/// The ledger, the audit and the settings of one console. Cheap to clone; every clone is the same store.
#[derive(Clone)]
pub struct Store {
    pub(crate) database: Database,
    pub(crate) writer: AnyPool,
    pub(crate) reader: AnyPool,
}

impl Store {
    /// Opens the store, makes it when it is not there, and upgrades its schema.
    ///
    /// # Errors
    /// `Invalid` for a URL that is none, `Unavailable` when it cannot be reached, `Locked` when another process holds the
    /// file for longer than the configured patience, `Full` without room, `TooNew` when a newer build wrote it.
    pub async fn open(config: StoreConfig) -> Result<Self, StoreError> {
        Ok(Self::open_at(config).await?)
    }

    async fn open_at(config: StoreConfig) -> Result<Self, Failure> {
        let database = Database::locate(&config).await?;
        let mut first = database.connect().await?;
        schema::upgrade(&database.engine, &mut first).await?;
        // The pools' first connections come before this one goes: SQLite would fold the WAL away and start it anew.
        let (writer, reader) = (database.pool(Role::Writer), database.pool(Role::Reader));
        drop((writer.acquire().await?, reader.acquire().await?));
        first.close().await?;
        Ok(Self { database, writer, reader })
    }

    /// Waits for what is being written, and closes every connection. Later calls fail with `Unavailable`.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// A transaction that may write, as the only one of this process.
    pub(crate) async fn write(&self, durability: Durability) -> Result<Transaction<'static, Any>, Failure> {
        Ok(self.writer.begin_with(self.database.engine.begin_write(durability)).await?)
    }

    /// A transaction in which every query sees the same state.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Any>, Failure> {
        Ok(self.reader.begin_with(self.database.engine.begin_read()).await?)
    }
}
