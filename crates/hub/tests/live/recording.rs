//! A ledger in memory that can be told to fail, and what goes with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;
use pilothouse_api::{LedgerAnswer, LedgerQuery};
use pilothouse_console::ports::{Clock, Ids, Ledger, LedgerBatch, PastFleet, StoreError};
use pilothouse_hub::{Hub, HubConfig, HubParts, RegistrySpec};
use pilothouse_model::{Millis, RegistryId};
use pilothouse_registry::Registry;

#[derive(Default)]
pub(crate) struct MemoryLedger {
    pub(crate) batches: Mutex<Vec<LedgerBatch>>,
    pub(crate) past: Mutex<PastFleet>,
    pub(crate) failing: AtomicBool,
}

impl MemoryLedger {
    pub(crate) fn facts(&self) -> usize {
        self.batches.lock().iter().map(|batch| batch.facts.len()).sum()
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.failing.load(Ordering::SeqCst) { Err(StoreError::Full("no space left on device".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn append(&self, batch: &LedgerBatch) -> Result<(), StoreError> {
        self.check()?;
        self.batches.lock().push(batch.clone());
        Ok(())
    }

    async fn checkpoint(&self, _: Millis, fleet: &PastFleet) -> Result<(), StoreError> {
        self.check()?;
        *self.past.lock() = fleet.clone();
        Ok(())
    }

    async fn alive(&self, _: Millis, _: &[(RegistryId, Millis)]) -> Result<(), StoreError> {
        self.check()
    }

    async fn fleet_at(&self, _: Millis) -> Result<PastFleet, StoreError> {
        Ok(self.past.lock().clone())
    }

    async fn read(&self, _: &LedgerQuery, _: Millis) -> Result<LedgerAnswer, StoreError> {
        Ok(LedgerAnswer::default())
    }

    async fn retain(&self, _: Millis) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Counts up by a millisecond at each look, and can be set.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Counting {
    /// Sets it to this many milliseconds after its beginning.
    pub(crate) fn set(&self, after: u64) {
        self.0.store(after, Ordering::SeqCst);
    }
}

impl Clock for Counting {
    fn now(&self) -> Millis {
        Millis(1_800_000_000_000 + i64::try_from(self.0.fetch_add(1, Ordering::SeqCst)).unwrap())
    }
}

impl Ids for Counting {
    fn next(&self) -> String {
        format!("stream-{}", self.0.fetch_add(1, Ordering::SeqCst))
    }
}

pub(crate) async fn start(ledger: &Arc<MemoryLedger>, registries: Vec<Arc<dyn Registry>>) -> Hub {
    start_with(Arc::default(), ledger, registries).await
}

pub(crate) async fn start_with(clock: Arc<Counting>, ledger: &Arc<MemoryLedger>, registries: Vec<Arc<dyn Registry>>) -> Hub {
    let specs = registries.into_iter().map(|adapter| RegistrySpec { name: adapter.id().to_string(), bound_ms: 15_000, adapter });
    let parts = HubParts { ledger: Arc::clone(ledger) as _, clock, ids: Arc::new(Counting::default()) };
    Hub::start(HubConfig { build: "test".into(), epoch: "e1".into() }, parts, specs.collect()).await
}
