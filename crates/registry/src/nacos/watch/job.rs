//! One service, subscribed to where that is due, and only then read: nothing falls between.

use std::net::SocketAddr;
use std::sync::Arc;

use futures::future::BoxFuture;
use pilothouse_model::ServiceKey;

use super::super::NacosRegistry;
use super::super::read::{CountsFrom, Reading};
use super::super::session::Server;
use super::push::{Subscribed, subscribe};
use crate::RegistryError;

/// A job under way.
pub(super) type Job = BoxFuture<'static, JobDone>;

/// What became of a job.
pub(super) struct JobDone {
    pub(super) key: ServiceKey,
    pub(super) subscribed: Option<Subscribed>,
    pub(super) reading: Result<Option<Reading>, RegistryError>,
}

/// What a job needs besides its service.
pub(super) struct Means {
    pub(super) registry: Arc<NacosRegistry>,
    pub(super) server: Server,
    pub(super) from: CountsFrom,
    /// The clusters it had when it was last read.
    pub(super) clusters: Vec<String>,
    /// Where pushes go, when it has to be subscribed to.
    pub(super) push_to: Option<SocketAddr>,
}

/// Makes the future.
pub(super) fn job(key: ServiceKey, means: Means) -> Job {
    let Means { registry, server, from, clusters, push_to } = means;
    Box::pin(async move {
        let subscribed = match push_to {
            None => Ok(None),
            Some(address) => subscribe(registry.session(), &key, address).await,
        };
        let (subscribed, reading) = match subscribed {
            Err(error) => (None, Err(error)),
            Ok(subscribed) => (subscribed, registry.read_service(&server, &key, from, &clusters).await),
        };
        JobDone { key, subscribed, reading }
    })
}
