//! Many services at once: named so that their order is known, spread over hosts as a real fleet is.

use anyhow::Result;
use futures::{TryStreamExt, stream};

use crate::nacos::Nacos;

/// Registrations on their way at the same time.
const IN_FLIGHT: usize = 32;

/// The name of the nth service.
pub(crate) fn service(number: usize) -> String {
    format!("bench-{number:05}")
}

/// The address of the nth instance of a service.
pub(crate) fn address(service: usize, instance: usize) -> String {
    format!("10.{}.{}.{}", service / 250, service % 250, instance + 1)
}

/// Registers `services` × `each` persistent instances: they beat nothing, so that nothing changes unless a bench changes it.
pub(crate) async fn fill(registry: &Nacos, services: usize, each: usize) -> Result<()> {
    let all = (0..services).flat_map(|service| (0..each).map(move |instance| (service, instance)));
    stream::iter(all.map(Ok))
        .try_for_each_concurrent(IN_FLIGHT, |(number, instance)| async move {
            registry.register(&service(number), &address(number, instance), 8080, false).await
        })
        .await
}

/// One more instance of a service than [`fill`] made.
pub(crate) async fn add_one(registry: &Nacos, number: usize) -> Result<()> {
    registry.register(&service(number), &address(number, 200), 8080, false).await
}
