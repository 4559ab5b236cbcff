//! Saying things to registries, a bounded number at a time.

use std::sync::Arc;

use futures::StreamExt;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::client::{Beaten, Registries};
use crate::fleet::{Fleet, Job};

/// Calls in flight.
const CONCURRENT: usize = 16;

/// Does jobs until `shutdown`.
pub(crate) async fn run(fleet: Arc<Mutex<Fleet>>, registries: Registries, jobs: mpsc::Receiver<Job>, shutdown: CancellationToken) {
    let jobs = futures::stream::unfold(jobs, async |mut jobs| jobs.recv().await.map(|job| (job, jobs)));
    let done = jobs.for_each_concurrent(CONCURRENT, |job| {
        let (fleet, registries) = (&fleet, &registries);
        async move {
            if let Err(error) = perform(fleet, registries, job).await {
                // The next beat tries again, and registers when the registry has forgotten the instance.
                tracing::debug!(?job, error = %error.without_url(), "a registry did not take it");
            }
        }
    });
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = done => {}
    }
}

async fn perform(fleet: &Mutex<Fleet>, registries: &Registries, job: Job) -> reqwest::Result<()> {
    let (Job::Register(instance) | Job::Beat(instance) | Job::Deregister(instance)) = job;
    let (registry, registration) = {
        let fleet = fleet.lock();
        (fleet.blueprint.instances[instance].registry, fleet.registration(instance))
    };
    match job {
        Job::Register(_) => registries.register(registry, &registration).await,
        Job::Deregister(_) => registries.deregister(registry, &registration).await,
        Job::Beat(_) => {
            let beaten = registries.beat(registry, &registration).await?;
            // It may have left while its last beat was under way.
            if beaten == Beaten::Unknown && fleet.lock().reaches(instance) {
                registries.register(registry, &registration).await?;
            }
            Ok(())
        }
    }
}
