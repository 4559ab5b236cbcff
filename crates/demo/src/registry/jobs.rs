//! Saying things to registries, a bounded number at a time, and to each by itself: one that hangs must not keep the fleet
//! from beating to the other.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::client::{Beaten, Registries};
use crate::fleet::{Fleet, Job};

/// Calls in flight to one registry.
const CONCURRENT: usize = 16;
/// Words that wait for one registry.
const WAITING: usize = 512;
/// How long the others wait for room to say to one registry what is no beat.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does jobs until `shutdown`.
pub(crate) async fn run(fleet: Arc<Mutex<Fleet>>, registries: Registries, jobs: mpsc::Receiver<Job>, shutdown: CancellationToken) {
    let (queues, waiting): (Vec<_>, Vec<_>) = (0..registries.len()).map(|_| mpsc::channel(WAITING)).unzip();
    let done = join_all(waiting.into_iter().map(|jobs| say(&fleet, &registries, jobs)));
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = sort(&fleet, jobs, queues) => {}
        _ = done => {}
    }
}

/// Gives each registry what is meant for it.
async fn sort(fleet: &Mutex<Fleet>, mut jobs: mpsc::Receiver<Job>, queues: Vec<mpsc::Sender<Job>>) {
    while let Some(job) = jobs.recv().await {
        let (Job::Register(instance) | Job::Beat(instance) | Job::Deregister(instance)) = job;
        let registry = fleet.lock().blueprint.instances[instance].registry;
        let told = match job {
            // A beat that finds no room is late anyway, and the next one is due soon.
            Job::Beat(_) => queues[registry].try_send(job).is_ok(),
            Job::Register(_) | Job::Deregister(_) => queues[registry].send_timeout(job, PATIENCE).await.is_ok(),
        };
        if !told {
            tracing::debug!(?job, registry, "a registry takes nothing at present");
        }
    }
}

async fn say(fleet: &Mutex<Fleet>, registries: &Registries, jobs: mpsc::Receiver<Job>) {
    let jobs = futures::stream::unfold(jobs, async |mut jobs| jobs.recv().await.map(|job| (job, jobs)));
    jobs.for_each_concurrent(CONCURRENT, |job| async move {
        if let Err(error) = perform(fleet, registries, job).await {
            // The next beat tries again, and registers when the registry has forgotten the instance.
            tracing::debug!(?job, error = %error.without_url(), "a registry did not take it");
        }
    })
    .await;
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
