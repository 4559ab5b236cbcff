//! Finding what the two blocking queries do not name: an instance added to a known service, other metadata, a node that moved.
//!
//! The index of the catalog moves with each of these, so a sweep runs when it moved, not by the clock alone. It asks node
//! by node where there are fewer nodes than services, and afterwards leaves the registry alone in proportion to what it cost.

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use super::client::Client;
use super::wire::{Node, NodeServices};
use crate::RegistryError;

/// Requests of a sweep under way at once.
const WIDTH: usize = 3;
/// No rest is longer: what a sweep alone finds is found within it.
pub(super) const LONGEST_REST: Duration = Duration::from_secs(55);
/// What reading one service costs Consul, for the rest after all of them were read.
const A_READ: Duration = Duration::from_millis(1);

/// What a sweep brought.
pub(super) struct Swept {
    pub(super) nodes: Vec<Node>,
    pub(super) found: Found,
    pub(super) took: Duration,
}

pub(super) enum Found {
    /// What every node holds.
    ByNode(Vec<(String, NodeServices)>),
    /// There are more nodes than services, or nodes are hidden from us: every service is to be read.
    EveryService,
    /// Only the nodes themselves were asked for.
    NodesAlone,
}

/// A sweep of so few requests asks hardly more than one of them at a time.
const FEW: usize = 16;

impl Swept {
    /// How long the registry is left alone after this; `services` is how many will be read for it at most.
    pub(super) fn rest(&self, services: usize) -> Duration {
        let (cost, requests) = match &self.found {
            Found::EveryService => (self.took + A_READ * u32::try_from(services).unwrap_or(u32::MAX), services),
            Found::ByNode(nodes) => (self.took, nodes.len()),
            Found::NodesAlone => (self.took, 1),
        };
        cost.saturating_mul(if requests <= FEW { 1 } else { 4 }).min(LONGEST_REST)
    }
}

/// The nodes alone: one request.
pub(super) async fn nodes(client: Arc<Client>, dc: Arc<str>) -> Result<Swept, RegistryError> {
    let began = Instant::now();
    let nodes = client.nodes(&dc).await?;
    // Nodes hidden from us would look like nodes that are gone.
    let rows = if nodes.filtered { Vec::new() } else { nodes.rows };
    Ok(Swept { nodes: rows, found: Found::NodesAlone, took: began.elapsed() })
}

/// Everything, the cheaper way; `services` is how many there are.
pub(super) async fn run(client: Arc<Client>, dc: Arc<str>, services: usize) -> Result<Swept, RegistryError> {
    let began = Instant::now();
    let swept = nodes(Arc::clone(&client), Arc::clone(&dc)).await?;
    if swept.nodes.is_empty() || swept.nodes.len() > services {
        return Ok(Swept { found: Found::EveryService, ..swept });
    }
    let read = |node: &Node| {
        let (client, dc, name) = (Arc::clone(&client), Arc::clone(&dc), node.node.clone());
        async move {
            let services = client.node_services(&dc, &name).await?;
            Ok::<_, RegistryError>((name, services.unwrap_or(NodeServices { services: Vec::new() })))
        }
    };
    let asked: Vec<_> = swept.nodes.iter().map(read).collect();
    let found = stream::iter(asked).buffer_unordered(WIDTH).try_collect().await?;
    Ok(Swept { found: Found::ByNode(found), took: began.elapsed(), ..swept })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_more_is_done_less_often() {
        let swept = |found, ms| Swept { nodes: Vec::new(), found, took: Duration::from_millis(ms) };
        let nodes = |n| Found::ByNode(vec![("n".to_owned(), NodeServices { services: Vec::new() }); n]);
        let cases = [
            (swept(nodes(1), 40), 1_000, 40),
            (swept(nodes(100), 40), 1_000, 160),
            (swept(Found::EveryService, 10), 1_000, 4_040),
            (swept(Found::EveryService, 10), 3, 13),
            (swept(Found::NodesAlone, 10), 1_000, 10),
            (swept(nodes(1_000), 30_000), 1_000, 55_000),
        ];
        for (swept, services, rest) in cases {
            assert_eq!(swept.rest(services), Duration::from_millis(rest));
        }
    }
}
