//! Asks registries when instances last beat, for services that someone is looking at. Never for all of them.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use pilothouse_console::ports::Clock;
use pilothouse_model::{BeatSource, ServiceKey};
use pilothouse_registry::Registry;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::fleet::Input;

/// One round over the services on screen.
const ROUND: Duration = Duration::from_secs(2);
/// Services asked for in one round and registry.
const BUDGET: usize = 20;
/// Requests out at once.
const CONCURRENT: usize = 4;

/// Runs until cancelled. `on_screen` names the registry's services that a stream follows now; a service that comes on
/// screen is asked about at once, or its countdown would begin with an old beat.
pub(crate) async fn read_beats(
    adapter: Arc<dyn Registry>,
    on_screen: impl Fn() -> Vec<ServiceKey> + Send,
    mut grown: watch::Receiver<()>,
    inputs: mpsc::Sender<Input>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    if adapter.capabilities().beats == BeatSource::Never {
        return;
    }
    let mut rounds = tokio::time::interval(ROUND);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = rounds.tick() => {}
            changed = grown.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
        let mut services = on_screen();
        services.truncate(BUDGET);
        let readings = futures::stream::iter(services)
            .map(|service| {
                let adapter = Arc::clone(&adapter);
                async move { adapter.beats(&service).await.map(|beats| (service, beats)) }
            })
            .buffer_unordered(CONCURRENT);
        tokio::pin!(readings);
        loop {
            let reading = tokio::select! {
                () = stop.cancelled() => return,
                reading = readings.next() => reading,
            };
            let Some(reading) = reading else { break };
            // A failed reading leaves the countdown as it was; the watch reports a registry that does not answer.
            if let Ok((service, beats)) = reading
                && inputs.send(Input::Beats { service, beats, read_at: clock.now() }).await.is_err()
            {
                return;
            }
        }
    }
}
