//! The ledger: facts, transitions, checkpoints, and the spans in which somebody was there.
//!
//! **The past.** `fleet_at(t)` is what was *known* at `t`: the latest written checkpoint not after `t`, and the facts *seen*
//! from then until `t`, in the order of writing. Rows of the page are sorted by when things *happened*: by
//! [`Occurred::moment`](pilothouse_model::Occurred::moment), then by id.
//!
//! **A clock that jumps.** Moments come from a wall clock. What it passed twice, or never, is ambiguous in the past; nothing
//! is lost, and from the next checkpoint on the past is exact again. Taking one after a jump is the caller's.

mod append;
mod checkpoint;
mod cursor;
mod density;
mod filter;
mod presence;
mod read;
mod replay;
mod retain;
mod row;
mod subject;

use async_trait::async_trait;
use pilothouse_api::{LedgerAnswer, LedgerQuery};
use pilothouse_console::ports::{Ledger, LedgerBatch, PastFleet};
use pilothouse_model::{Millis, RegistryId};

use crate::database::Durability;
use crate::failure::Failure;
use crate::{Setting, Store, StoreError};

/// The earliest moment for which the fleet can be rebuilt; not set while everything ever written is still there.
const REACH: Setting<Millis> = Setting::named("ledger.reach");

#[async_trait]
impl Ledger for Store {
    async fn append(&self, batch: &LedgerBatch) -> Result<(), StoreError> {
        Ok(self.append_batch(batch).await?)
    }

    async fn checkpoint(&self, at: Millis, fleet: &PastFleet) -> Result<(), StoreError> {
        Ok(self.write_checkpoint(at, fleet).await?)
    }

    async fn alive(&self, at: Millis, proofs: &[(RegistryId, Millis)]) -> Result<(), StoreError> {
        Ok(self.note_presence(at, proofs).await?)
    }

    async fn fleet_at(&self, at: Millis) -> Result<PastFleet, StoreError> {
        Ok(self.rebuild(at).await?)
    }

    async fn read(&self, query: &LedgerQuery, now: Millis) -> Result<LedgerAnswer, StoreError> {
        Ok(self.read_page(query, now).await?)
    }

    async fn retain(&self, before: Millis) -> Result<(), StoreError> {
        Ok(self.drop_before(before).await?)
    }
}

impl Store {
    async fn append_batch(&self, batch: &LedgerBatch) -> Result<(), Failure> {
        let mut transaction = self.write(Durability::Crash).await?;
        append::append(&mut transaction, batch).await?;
        Ok(transaction.commit().await?)
    }

    async fn note_presence(&self, at: Millis, proofs: &[(RegistryId, Millis)]) -> Result<(), Failure> {
        let mut transaction = self.write(Durability::Crash).await?;
        presence::note(&mut transaction, presence::CONSOLE, at).await?;
        presence::note_proofs(&mut transaction, proofs).await?;
        Ok(transaction.commit().await?)
    }
}
