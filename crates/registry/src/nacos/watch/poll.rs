//! One poll of the lists, as one future.

use std::sync::Arc;

use pilothouse_model::Namespace;

use super::super::NacosRegistry;
use super::super::read::{Counts, CountsFrom, Members, Namespaces};
use super::super::session::Server;
use super::pace::Poll;
use crate::RegistryError;

/// What a poll brought.
pub(super) struct Polled {
    pub(super) what: Poll,
    pub(super) lists: Vec<(Namespace, List)>,
    /// The namespaces, when they were asked for.
    pub(super) namespaces: Option<Namespaces>,
    /// The clients were asked for anew.
    pub(super) clients: bool,
}

/// The list of one namespace.
pub(super) enum List {
    Counts(Counts),
    Members(Members),
    /// This server lists no instances: services have to be read one by one.
    NoMembers,
}

/// What else to ask for with the next poll.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Also {
    pub(super) namespaces: bool,
    pub(super) clients: bool,
}

/// Polls every namespace that is open.
pub(super) async fn poll(
    registry: Arc<NacosRegistry>,
    server: Server,
    sides: Vec<(Namespace, CountsFrom)>,
    what: Poll,
    also: Also,
) -> Result<Polled, RegistryError> {
    let (session, slug) = (registry.session(), registry.slug());
    let mut lists = Vec::new();
    for (namespace, from) in sides {
        let list = match (what, from) {
            (Poll::Sweep, CountsFrom::Catalog) => match Members::read(session, server.plane, slug, &namespace).await? {
                Some(members) => List::Members(members),
                None => List::NoMembers,
            },
            // A closed namespace is asked for too: rights may be given at any time.
            _ => List::Counts(Counts::read(session, server.plane, slug, &namespace).await?),
        };
        lists.push((namespace, list));
    }
    let namespaces = if also.namespaces { Some(registry.namespaces(&server).await?) } else { None };
    if also.clients {
        registry.refresh_clients(&server).await?;
    }
    Ok(Polled { what, lists, namespaces, clients: also.clients })
}
