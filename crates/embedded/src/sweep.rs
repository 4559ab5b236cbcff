//! The task that ages the naming state every five seconds.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::naming::Swept;

const PERIOD: Duration = Duration::from_secs(5);
/// A difference between the clock and the monotonic time of this much between two sweeps is a jump of the clock.
const JUMP_MS: i64 = 10_000;

/// Sweeps until `shutdown`.
pub(crate) async fn run(core: Arc<Core>, shutdown: CancellationToken) {
    let mut ticks = interval_at(Instant::now() + PERIOD, PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut last, mut last_clock) = (Instant::now(), core.now());
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let (elapsed, now) = (last.elapsed(), core.now());
        let jump = (now - last_clock).saturating_sub(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX));
        if jump.abs() > JUMP_MS {
            tracing::warn!(jump_ms = jump, "the clock jumped: beats are moved with it");
            core.naming.write().shift(jump, now);
        }
        (last, last_clock) = (Instant::now(), now);
        once(&core).await;
    }
}

/// Ages everything to the clock's now.
pub(crate) async fn once(core: &Arc<Core>) {
    let now = core.now();
    let Swept { changed, expired } = core.naming.write().sweep(now);
    for key in &changed {
        core.touched(key);
    }
    core.pushes.subscribers.lock().sweep(now);
    if !expired.is_empty()
        && let Err(error) = core.change_naming(move |_| Ok(expired)).await
    {
        // They stay due: the next sweep tries again.
        tracing::warn!(?error, "expired edits could not be forgotten");
    }
}
