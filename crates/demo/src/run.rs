//! Bringing a fleet up, and keeping it up until it is told to end.

use std::sync::Arc;

use futures::future::try_join_all;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::act::{Director, Timeline};
use crate::control;
use crate::error::DemoError;
use crate::fleet::{Blueprint, Fleet, Job};
use crate::registry::{Configs, Registries, run_beats, run_jobs};
use crate::settings::DemoSettings;

/// Words to registries that may wait to be said; beats wait when there are more.
const JOBS: usize = 1_024;
/// Orders that may wait.
const ORDERS: usize = 16;

/// Runs a fleet until `shutdown`. It does not say good-bye: its instances age away in the registries, as those of a
/// data centre without power would.
///
/// # Errors
/// When a registry is not up within two minutes, a base URL is none, or the control interface fails.
pub async fn run(settings: DemoSettings, shutdown: CancellationToken) -> Result<(), DemoError> {
    let DemoSettings { registries, seed, quiet, size, control } = settings;
    let registries = Registries::new(&registries)?;
    let blueprint = Blueprint::draw(seed, size, registries.len());
    let timeline = (!quiet).then(|| Timeline::new(seed, &blueprint));
    let fleet = Arc::new(Mutex::new(Fleet::new(blueprint)));
    // Everything ends with this call, also when it fails half-way.
    let stop = shutdown.child_token();
    let _stop_at_the_end = stop.clone().drop_guard();
    let (orders, ordered) = mpsc::channel(ORDERS);
    let mut tasks = JoinSet::new();
    if let Some(listener) = control {
        let served = control::serve(listener, Arc::clone(&fleet), orders.clone(), stop.clone());
        tasks.spawn(async { ("control", served.await.map_err(DemoError::Control)) });
    }
    try_join_all((0..registries.len()).map(|registry| registries.ready(registry, &shutdown))).await?;
    if shutdown.is_cancelled() {
        return Ok(());
    }
    prepare(&registries).await;

    let (jobs, to_do) = mpsc::channel(JOBS);
    let director = Director::new(Arc::clone(&fleet), jobs.clone(), Configs::new(registries.clone()));
    tasks.spawn(named("jobs", run_jobs(Arc::clone(&fleet), registries, to_do, stop.clone())));
    tasks.spawn(named("director", director.run(timeline, ordered, stop.clone())));
    let (count, first) = (fleet.lock().len(), jobs.clone());
    tasks.spawn(named("beats", async move {
        for instance in 0..count {
            // It fails only when everything ends.
            let _ = first.send(Job::Register(instance)).await;
        }
        run_beats(fleet, jobs, stop).await;
    }));
    tracing::info!(instances = count, seed, quiet, "the fleet is up");
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((_, Err(error))) => return Err(error),
            Ok((task, Ok(()))) if !shutdown.is_cancelled() => return Err(DemoError::Ended { task }),
            Err(_) if !shutdown.is_cancelled() => return Err(DemoError::Ended { task: "panicked" }),
            _ => {}
        }
    }
    // The director holds the last sender of orders; kept until here so that it does not spin on a closed channel.
    drop(orders);
    Ok(())
}

async fn named(name: &'static str, task: impl Future<Output = ()>) -> (&'static str, Result<(), DemoError>) {
    task.await;
    (name, Ok(()))
}

async fn prepare(registries: &Registries) {
    for registry in 0..registries.len() {
        if let Err(error) = registries.create_namespace(registry, "prod", "Production").await {
            tracing::warn!(error = %error.without_url(), "the namespace could not be made");
        }
    }
    Configs::new(registries.clone()).publish_missing().await;
}
