//! Settings that the console itself keeps: a few small values under typed names.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, Row};

use crate::database::Durability;
use crate::failure::Failure;
use crate::{Store, StoreError};

/// The name of a setting and the type of its value: `const THEME: Setting<String> = Setting::named("theme");`.
pub struct Setting<T> {
    key: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> Setting<T> {
    /// The setting stored under `key`.
    #[must_use]
    pub const fn named(key: &'static str) -> Self {
        Self { key, value: PhantomData }
    }
}

impl Store {
    /// The value of a setting; `None` when it was never set.
    pub async fn setting<T: DeserializeOwned>(&self, setting: Setting<T>) -> Result<Option<T>, StoreError> {
        let mut connection = self.reader.acquire().await.map_err(Failure::from)?;
        Ok(get(&mut connection, &setting).await?)
    }

    /// Sets a setting. It is on the disk when this returns.
    pub async fn set<T: Serialize>(&self, setting: Setting<T>, value: &T) -> Result<(), StoreError> {
        let mut transaction = self.write(Durability::PowerLoss).await?;
        put(&mut transaction, &setting, value).await?;
        Ok(transaction.commit().await.map_err(Failure::from)?)
    }
}

/// Reads a setting within a transaction.
pub(crate) async fn get<T: DeserializeOwned>(connection: &mut AnyConnection, setting: &Setting<T>) -> Result<Option<T>, Failure> {
    let row = sqlx::query("SELECT value FROM settings WHERE key = $1").bind(setting.key).fetch_optional(connection).await?;
    row.map(|row| Ok(serde_json::from_str(row.try_get(0)?)?)).transpose()
}

/// Sets a setting within a transaction.
pub(crate) async fn put<T: Serialize>(connection: &mut AnyConnection, setting: &Setting<T>, value: &T) -> Result<(), Failure> {
    sqlx::query("INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(setting.key)
        .bind(serde_json::to_string(value)?)
        .execute(connection)
        .await?;
    Ok(())
}
