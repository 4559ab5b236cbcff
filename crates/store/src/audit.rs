//! The audit log.

use async_trait::async_trait;
use pilothouse_console::ports::AuditLog;
use pilothouse_model::{AuditEntry, AuditOutcome};
use sqlx::Row;

use crate::database::Durability;
use crate::failure::Failure;
use crate::sql::storable;
use crate::{Store, StoreError};

#[async_trait]
impl AuditLog for Store {
    async fn begin(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        Ok(self.begin_entry(entry).await?)
    }

    async fn finish(&self, id: &str, outcome: &AuditOutcome) -> Result<(), StoreError> {
        Ok(self.finish_entry(id, outcome).await?)
    }

    async fn latest(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(self.latest_entries(limit).await?)
    }
}

impl Store {
    async fn begin_entry(&self, entry: &AuditEntry) -> Result<(), Failure> {
        let mut transaction = self.write(Durability::PowerLoss).await?;
        sqlx::query("INSERT INTO audit (id, at, actor, entry, outcome) VALUES ($1, $2, $3, $4, $5)")
            .bind(&entry.id)
            .bind(entry.at.0)
            .bind(storable(entry.actor.name()))
            .bind(serde_json::to_string(entry)?)
            .bind(settled(&entry.outcome)?)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn finish_entry(&self, id: &str, outcome: &AuditOutcome) -> Result<(), Failure> {
        let Some(outcome) = settled(outcome)? else {
            return Err(StoreError::Invalid { field: "outcome", why: "an action ends verified, unverified or failed".into() }.into());
        };
        let mut transaction = self.write(Durability::PowerLoss).await?;
        let done = sqlx::query("UPDATE audit SET outcome = $1 WHERE id = $2 AND outcome IS NULL")
            .bind(outcome)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Invalid { field: "id", why: "no started audit entry has this id".into() }.into());
        }
        Ok(transaction.commit().await?)
    }

    async fn latest_entries(&self, limit: u32) -> Result<Vec<AuditEntry>, Failure> {
        let rows = sqlx::query("SELECT entry, outcome FROM audit ORDER BY at DESC, id DESC LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(&self.reader)
            .await?;
        let entry = |row: &sqlx::any::AnyRow| {
            let mut entry: AuditEntry = serde_json::from_str(row.try_get(0)?)?;
            if let Some(outcome) = row.try_get::<Option<String>, _>(1)? {
                entry.outcome = serde_json::from_str(&outcome)?;
            }
            Ok(entry)
        };
        rows.iter().map(entry).collect()
    }
}

/// The outcome as stored; `None` while nothing is known.
fn settled(outcome: &AuditOutcome) -> Result<Option<String>, Failure> {
    Ok(match outcome {
        AuditOutcome::Started => None,
        known => Some(serde_json::to_string(known)?),
    })
}
