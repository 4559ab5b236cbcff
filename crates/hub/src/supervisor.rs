//! One supervisor per registry: runs its watch, tries again with backoff, and passes events on. It holds no state of the fleet.

use std::sync::Arc;

use futures::StreamExt;
use pilothouse_console::ports::Clock;
use pilothouse_model::RegistryId;
use pilothouse_registry::{Registry, WatchEvent};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, STABLE};
use crate::fleet::Input;

/// Runs until cancelled. A full queue makes it wait: pressure goes back to the registry's connection.
pub(crate) async fn supervise(adapter: Arc<dyn Registry>, inputs: mpsc::Sender<Input>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let id = adapter.id().clone();
    let mut backoff = Backoff::default();
    loop {
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = run(&adapter, &id, &inputs, &mut backoff) => outcome,
        };
        let Err(error) = outcome else { return };
        let pause = backoff.next(rand::random());
        let retry_at = clock.now() + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        tracing::warn!(registry = %id, error, pause_ms = pause.as_millis(), "watch failed");
        if inputs.send(Input::WatchFailed { registry: id.clone(), error, retry_at }).await.is_err() {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Runs one watch to its first failure. `Ok` when nobody listens any more.
async fn run(adapter: &Arc<dyn Registry>, id: &RegistryId, inputs: &mpsc::Sender<Input>, backoff: &mut Backoff) -> Result<(), String> {
    let started = Instant::now();
    let mut watch = Arc::clone(adapter).watch();
    while let Some(item) = watch.next().await {
        match item {
            Ok(event) => {
                let received = Instant::now();
                if received.duration_since(started) >= STABLE {
                    backoff.reset();
                }
                if matches!(event, WatchEvent::InitDone) {
                    tracing::info!(registry = %id, after_ms = received.duration_since(started).as_millis(), "whole list read");
                }
                if inputs.send(Input::Event { registry: id.clone(), event, received }).await.is_err() {
                    return Ok(());
                }
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("the watch ended by itself".into())
}
