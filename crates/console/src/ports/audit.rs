//! The audit log.

use async_trait::async_trait;
use pilothouse_model::{AuditEntry, AuditOutcome};

use super::StoreError;

/// Who did what. Append only, but for the outcome of a started entry.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Writes an entry before anything is done. What cannot be audited is not done.
    async fn begin(&self, entry: &AuditEntry) -> Result<(), StoreError>;

    /// Completes an entry that [`AuditLog::begin`] wrote.
    async fn finish(&self, id: &str, outcome: &AuditOutcome) -> Result<(), StoreError>;

    /// The latest entries, newest first.
    async fn latest(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;
}
