//! The ledger: facts, what derives from them, and the fleet at any moment in its reach.

use async_trait::async_trait;
use pilothouse_api::{LedgerAnswer, LedgerQuery};
use pilothouse_model::{Fact, Instance, Millis, RegistryId, Service, Transition};

/// What one step of the fleet makes known: facts, and the transitions that derive from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerBatch {
    /// In the order in which they became known.
    pub facts: Vec<Fact>,
    /// In the same order.
    pub transitions: Vec<Transition>,
}

/// The fleet as it was known at some moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastFleet {
    /// Services, by key.
    pub services: Vec<Service>,
    /// Instances, by key. Health is as told then; nothing is derived.
    pub instances: Vec<Instance>,
    /// For each registry the last moment at which its view was known to be true.
    pub proofs: Vec<(RegistryId, Millis)>,
}

/// Durable storage of what happened.
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    /// Appends. A fact equal to the last one about the same subject is not stored again. All or nothing.
    async fn append(&self, batch: &LedgerBatch) -> Result<(), StoreError>;

    /// Stores the whole fleet as known at `at`, so that the past is rebuilt from there. Everything appended before is in it; where
    /// facts were lost on their way, or the clock jumped, the past is exact again from here on.
    async fn checkpoint(&self, at: Millis, fleet: &PastFleet) -> Result<(), StoreError>;

    /// Notes that this console is running and what each registry last proved, every few seconds. Notes more than thirty seconds
    /// apart leave a gap, a span without us; proofs that far apart, a span in which the registry's view was not known.
    async fn alive(&self, at: Millis, proofs: &[(RegistryId, Millis)]) -> Result<(), StoreError>;

    /// The fleet as it was known at `at`: the checkpoint before it and the facts *seen* since. Empty when `at` is before the
    /// ledger's reach.
    async fn fleet_at(&self, at: Millis) -> Result<PastFleet, StoreError>;

    /// Transitions, density and gaps. `now` closes an open span; scopes the rights do not allow are left out by the caller's filter.
    /// Rows are sorted and counted by when they happened, facts are counted by when they were seen, and by registry and
    /// service alone.
    async fn read(&self, query: &LedgerQuery, now: Millis) -> Result<LedgerAnswer, StoreError>;

    /// Drops what is older than `before`, keeping what [`Ledger::fleet_at`] needs for every moment from then on.
    async fn retain(&self, before: Millis) -> Result<(), StoreError>;
}

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached or opened.
    #[error("the store cannot be opened: {0}")]
    Unavailable(String),
    /// No room is left on the disk.
    #[error("no room is left for the store: {0}")]
    Full(String),
    /// Another process holds it.
    #[error("the store is locked by another process: {0}")]
    Locked(String),
    /// It was written by a newer version.
    #[error("the store has schema {found}, this build knows up to {known}: start the newer version, or restore a backup")]
    TooNew {
        /// The schema found.
        found: i64,
        /// The newest one known.
        known: i64,
    },
    /// A cursor or other argument is wrong.
    #[error("{field}: {why}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What is allowed.
        why: String,
    },
    /// Anything else the database said.
    #[error("the store failed: {0}")]
    Failed(String),
}
