//! The one task that writes the fleet.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use pilothouse_console::ports::{Clock, LedgerBatch};
use pilothouse_model::Millis;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::commit::Interest;
use super::state::{FleetState, Input};
use crate::journal::Journal;
use crate::recorder::{MAX_BATCH, Record, Recorder};

/// Inputs applied under one lock.
const CHUNK: usize = 2_048;
/// After the first input of a burst this long is waited for more, so that a burst is few frames.
const COALESCE: Duration = Duration::from_millis(10);
/// How often time is let pass.
const TICK: Duration = Duration::from_millis(500);
/// How often rows of registries are looked at, and the ledger is told that we live.
const STATUS_TICKS: u32 = 2;
const ALIVE_TICKS: u32 = 10;
/// A checkpoint every this many facts, and at least every hour in which there were any.
const CHECKPOINT_FACTS: u64 = 50_000;
const CHECKPOINT_TICKS: u32 = 7_200;
/// A wall clock that goes back further than this was set.
const SET_BACK_MS: i64 = 1_000;

/// What everyone reads.
pub(crate) struct Shared {
    pub(crate) state: RwLock<FleetState>,
    pub(crate) journal: Journal,
    pub(crate) interest: Interest,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Runs until cancelled.
pub(crate) async fn run(shared: Arc<Shared>, mut inputs: mpsc::Receiver<Input>, recorder: Recorder, stop: CancellationToken) {
    let mut buffer = Vec::with_capacity(CHUNK);
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut writer = LedgerWriter { recorder, facts: 0, owes_checkpoint: false };
    let mut count: u32 = 0;
    let mut latest = shared.clock.now();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            received = inputs.recv_many(&mut buffer, CHUNK) => {
                if received == 0 {
                    break;
                }
                if received < CHUNK {
                    tokio::time::sleep(COALESCE).await;
                    while buffer.len() < CHUNK && let Ok(input) = inputs.try_recv() {
                        buffer.push(input);
                    }
                }
                writer.write(step(&shared, &mut buffer));
            }
            _ = ticks.tick() => {
                count = count.wrapping_add(1);
                let now = shared.clock.now();
                writer.owes_checkpoint |= was_set_back(latest, now);
                latest = now;
                writer.write(tick(&shared, count.is_multiple_of(STATUS_TICKS)));
                if count.is_multiple_of(ALIVE_TICKS) {
                    let proofs = shared.state.read().proofs();
                    writer.recorder.offer(Record::Alive(shared.clock.now(), proofs));
                }
                if writer.wants_checkpoint(count.is_multiple_of(CHECKPOINT_TICKS)) {
                    let past = shared.state.read().past();
                    writer.checkpoint(Record::Checkpoint(shared.clock.now(), past));
                }
            }
        }
    }
    // What is in the queue is still true: it is applied, so that the ledger ends where the registries were last seen.
    while let Ok(input) = inputs.try_recv() {
        buffer.push(input);
    }
    writer.write(step(&shared, &mut buffer));
    let proofs = shared.state.read().proofs();
    writer.recorder.offer(Record::Alive(shared.clock.now(), proofs));
}

/// Facts are found by the clock. After it was set back, those known before seem to lie in the future: a checkpoint holds them.
fn was_set_back(latest: Millis, now: Millis) -> bool {
    let back = latest.since(now);
    if back > SET_BACK_MS {
        tracing::warn!(seconds = back / 1_000, "the clock was set back; the ledger gets a checkpoint");
    }
    back > SET_BACK_MS
}

fn step(shared: &Shared, buffer: &mut Vec<Input>) -> LedgerBatch {
    let now = shared.clock.now();
    let mut state = shared.state.write();
    let received: Vec<_> = buffer
        .iter()
        .filter_map(|input| match input {
            Input::Event { registry, received, .. } => Some((registry.clone(), *received)),
            _ => None,
        })
        .collect();
    for input in buffer.drain(..) {
        state.apply(input, now);
    }
    // A first whole list turns its source live at once, in the same commit.
    state.elapse(now, Instant::now());
    let batch = state.commit(&shared.journal, &shared.interest, now);
    for (registry, received) in received {
        if let Some(registry) = state.registries.get_mut(&registry) {
            registry.lag(received.elapsed());
        }
    }
    batch
}

fn tick(shared: &Shared, status: bool) -> LedgerBatch {
    let now = shared.clock.now();
    let mut state = shared.state.write();
    state.elapse(now, Instant::now());
    if status {
        for id in state.registry_ids() {
            state.send_registry(&id, &shared.journal, now);
        }
    }
    state.commit(&shared.journal, &shared.interest, now)
}

/// Cuts batches to size, and remembers when a checkpoint is due.
struct LedgerWriter {
    recorder: Recorder,
    facts: u64,
    owes_checkpoint: bool,
}

impl LedgerWriter {
    fn write(&mut self, mut batch: LedgerBatch) {
        self.facts += batch.facts.len() as u64;
        while !batch.facts.is_empty() || !batch.transitions.is_empty() {
            let facts = batch.facts.split_off(batch.facts.len().min(MAX_BATCH));
            let transitions = batch.transitions.split_off(batch.transitions.len().min(MAX_BATCH));
            let part = std::mem::replace(&mut batch, LedgerBatch { facts, transitions });
            // What was dropped is made good by the next checkpoint.
            self.owes_checkpoint |= !self.recorder.offer(Record::Batch(part));
        }
    }

    fn wants_checkpoint(&self, hour: bool) -> bool {
        let due = self.owes_checkpoint || self.facts >= CHECKPOINT_FACTS || (hour && self.facts > 0);
        due && self.recorder.is_idle()
    }

    fn checkpoint(&mut self, checkpoint: Record) {
        if self.recorder.offer(checkpoint) {
            self.facts = 0;
            self.owes_checkpoint = false;
        }
    }
}
