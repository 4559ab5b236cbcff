//! The task that carries acts out: cues of the timeline and orders from the control interface become steps, and
//! steps become words to registries.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{Action, Cue, Timeline, Unknown};
use crate::fleet::{Fleet, Job, Step};
use crate::registry::Configs;

/// An act somebody asks for, and where the answer goes.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) action: Action,
    pub(crate) answer: oneshot::Sender<Result<(), Unknown>>,
}

/// Carries acts out.
#[derive(Debug)]
pub(crate) struct Director {
    fleet: Arc<Mutex<Fleet>>,
    jobs: mpsc::Sender<Job>,
    configs: Configs,
    steps: BinaryHeap<Reverse<(Instant, u64)>>,
    /// The steps behind the numbers in the queue.
    pending: HashMap<u64, Step>,
    numbered: u64,
}

impl Director {
    pub(crate) fn new(fleet: Arc<Mutex<Fleet>>, jobs: mpsc::Sender<Job>, configs: Configs) -> Self {
        Self { fleet, jobs, configs, steps: BinaryHeap::new(), pending: HashMap::new(), numbered: 0 }
    }

    /// Plays `timeline`, if there is one, and takes orders, until `shutdown`.
    pub(crate) async fn run(mut self, mut timeline: Option<Timeline>, mut orders: mpsc::Receiver<Order>, shutdown: CancellationToken) {
        let start = Instant::now();
        let mut cue = timeline.as_mut().and_then(Iterator::next);
        loop {
            let cue_at = cue.as_ref().map(|(at, _)| start + Duration::from_millis(*at));
            let step_at = self.steps.peek().map(|Reverse((due, _))| *due);
            tokio::select! {
                () = shutdown.cancelled() => return,
                Some(Order { action, answer }) = orders.recv() => {
                    let begun = self.begin(&action);
                    // What happens at once has happened when the answer comes.
                    let now = Instant::now();
                    while self.steps.peek().is_some_and(|Reverse((due, _))| *due <= now) {
                        self.step().await;
                    }
                    // Who asked may have hung up; the act is played all the same.
                    let _ = answer.send(begun);
                }
                () = at(step_at) => self.step().await,
                () = at(cue_at) => {
                    match cue.take() {
                        Some((_, Cue::Act(action))) => {
                            if let Err(error) = self.begin(&action) {
                                tracing::warn!(%error, "an act of the timeline could not be played");
                            }
                        }
                        Some((_, Cue::Publish)) => self.configs.publish_next().await,
                        None => {}
                    }
                    cue = timeline.as_mut().and_then(Iterator::next);
                }
            }
        }
    }

    fn begin(&mut self, action: &Action) -> Result<(), Unknown> {
        let steps = action.steps(&self.fleet.lock())?;
        tracing::info!(?action, "the fleet acts");
        let now = Instant::now();
        for (after_ms, step) in steps {
            self.numbered += 1;
            self.pending.insert(self.numbered, step);
            self.steps.push(Reverse((now + Duration::from_millis(after_ms), self.numbered)));
        }
        Ok(())
    }

    async fn step(&mut self) {
        let Some(Reverse((_, number))) = self.steps.pop() else { return };
        let Some(step) = self.pending.remove(&number) else { return };
        let job = self.fleet.lock().apply(&step);
        if let Some(job) = job {
            // The receiver lives as long as the fleet runs.
            let _ = self.jobs.send(job).await;
        }
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
