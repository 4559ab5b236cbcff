//! Who beats when: one queue for the whole fleet, spread over the interval, instead of a timer per instance.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::fleet::{Fleet, Job};

/// Between two beats of an instance.
const INTERVAL: Duration = Duration::from_secs(5);

/// Hands out beats as they come due, until `shutdown`.
pub(crate) async fn run(fleet: Arc<Mutex<Fleet>>, jobs: mpsc::Sender<Job>, shutdown: CancellationToken) {
    let start = Instant::now();
    let count = fleet.lock().len();
    let spread = |instance: usize| {
        // Neighbours in the list run on the same services: a large odd step keeps them apart.
        let slot = u32::try_from(instance * 7_919 % count.max(1)).unwrap_or(0);
        start + INTERVAL * slot / u32::try_from(count.max(1)).unwrap_or(u32::MAX)
    };
    let mut queue: BinaryHeap<Reverse<(Instant, usize)>> =
        (0..count).map(|instance| Reverse((spread(instance) + INTERVAL, instance))).collect();
    while let Some(Reverse((due, instance))) = queue.pop() {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = sleep_until(due) => {}
        }
        let (reaches, delay_ms) = {
            let fleet = fleet.lock();
            (fleet.reaches(instance), fleet.delay_ms(instance))
        };
        if reaches && jobs.send(Job::Beat(instance)).await.is_err() {
            return;
        }
        // A fleet that fell behind beats on from now: it does not catch up on beats nobody waits for.
        let next = (due + INTERVAL + Duration::from_millis(delay_ms)).max(Instant::now());
        queue.push(Reverse((next, instance)));
    }
}
