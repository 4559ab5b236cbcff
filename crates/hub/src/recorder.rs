//! Writes what the fleet makes known into the ledger, in order, without ever holding the fleet up.
//!
//! While the store fails, batches wait; when too many wait, they are dropped and a checkpoint is asked for once the store
//! works again, so that the past stays true from there on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use pilothouse_console::ports::{Clock, Ledger, LedgerBatch, PastFleet};
use pilothouse_model::{Millis, RegistryId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Records waiting for the store. A batch holds at most [`MAX_BATCH`] facts.
pub(crate) const QUEUE: usize = 256;
/// Facts in one batch.
pub(crate) const MAX_BATCH: usize = 5_000;
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Something to write.
pub(crate) enum Record {
    Batch(LedgerBatch),
    Checkpoint(Millis, PastFleet),
    Alive(Millis, Vec<(RegistryId, Millis)>),
}

/// How the recorder is doing, for readiness and metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecorderStatus {
    /// Facts written since the start.
    pub facts: u64,
    /// Why the last write failed; `None` while writing works.
    pub failing: Option<String>,
    /// Facts dropped because the store failed for too long.
    pub dropped: u64,
}

/// The fleet's end of the queue.
#[derive(Clone)]
pub(crate) struct Recorder {
    queue: mpsc::Sender<Record>,
    status: Arc<Mutex<RecorderStatus>>,
}

impl Recorder {
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Record>) {
        let (queue, records) = mpsc::channel(QUEUE);
        (Self { queue, status: Arc::default() }, records)
    }

    /// Hands a record over. `false` when the queue is full: the record is dropped and counted.
    pub(crate) fn offer(&self, record: Record) -> bool {
        match self.queue.try_send(record) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(record) | mpsc::error::TrySendError::Closed(record)) => {
                if let Record::Batch(batch) = record {
                    self.status.lock().dropped += batch.facts.len() as u64;
                }
                false
            }
        }
    }

    pub(crate) fn status(&self) -> RecorderStatus {
        self.status.lock().clone()
    }

    /// Whether most of the queue is free, so that a checkpoint is worth making.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.capacity() > QUEUE / 2 && self.status.lock().failing.is_none()
    }
}

/// Writes until cancelled, then writes what still waits, once.
pub(crate) async fn record(
    ledger: Arc<dyn Ledger>,
    recorder: Recorder,
    mut records: mpsc::Receiver<Record>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            tokio::select! {
                biased;
                next = records.recv() => match next {
                    Some(record) => waiting.push_back(record),
                    None => return,
                },
                () = stop.cancelled() => break,
            }
        }
        let mut pause = Duration::from_millis(100);
        while let Some(record) = waiting.front() {
            match write(&*ledger, record, &recorder.status).await {
                Ok(()) => {
                    waiting.pop_front();
                }
                Err(error) => {
                    let text = error.to_string();
                    if recorder.status.lock().failing.replace(text.clone()).is_none() {
                        tracing::error!(error = text, at = clock.now().0, "the ledger cannot be written; facts wait");
                    }
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = tokio::time::sleep(pause) => {}
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        if stop.is_cancelled() {
            break;
        }
    }
    records.close();
    while let Some(record) = waiting.pop_front().or_else(|| records.try_recv().ok()) {
        if let Err(error) = write(&*ledger, &record, &recorder.status).await {
            tracing::error!(%error, "facts were lost at shutdown");
            return;
        }
    }
}

async fn write(ledger: &dyn Ledger, record: &Record, status: &Mutex<RecorderStatus>) -> Result<(), pilothouse_console::ports::StoreError> {
    let facts = match record {
        Record::Batch(batch) => {
            ledger.append(batch).await?;
            batch.facts.len() as u64
        }
        Record::Checkpoint(at, fleet) => {
            ledger.checkpoint(*at, fleet).await?;
            0
        }
        Record::Alive(at, proofs) => {
            ledger.alive(*at, proofs).await?;
            0
        }
    };
    let mut status = status.lock();
    status.facts += facts;
    if status.failing.take().is_some() {
        tracing::info!("the ledger is written again");
    }
    Ok(())
}
