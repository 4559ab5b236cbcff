//! Following one datacenter over a handful of connections.
//!
//! Two blocking queries say *that* something changed: the catalog's services (every registration moves its index) and the
//! critical checks. What they return says which services to read again; what it does not say, a sweep finds. Each
//! answer to a blocking query is a proof of life. While a leader is elected, queries fail for a second or two and indexes
//! stay valid: that is waited out before it becomes an error.

mod begin;
mod follower;
mod poll;

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use pilothouse_model::RegistryId;

use self::follower::Follower;
use super::client::Client;
use crate::{RegistryError, WatchEvent};

/// What a watch needs to know.
#[derive(Clone)]
pub(super) struct Watched {
    pub(super) client: Arc<Client>,
    pub(super) registry: RegistryId,
    /// The datacenter asked for; the endpoints' own where none is named.
    pub(super) datacenter: Option<String>,
    /// How long a blocking query may wait.
    pub(super) wait: Duration,
}

/// The stream of [`crate::Registry::watch`].
pub(super) fn watch(watched: Watched) -> BoxStream<'static, Result<WatchEvent, RegistryError>> {
    Box::pin(async_stream::stream! {
        loop {
            yield Ok(WatchEvent::Init);
            let mut follower = match Follower::begin(&watched).await {
                Ok((follower, whole)) => {
                    for event in whole {
                        if let WatchEvent::Apply(entry) = event {
                            yield Ok(WatchEvent::InitApply(entry));
                        }
                    }
                    yield Ok(WatchEvent::InitDone);
                    follower
                }
                Err(error) => {
                    yield Err(error);
                    continue;
                }
            };
            loop {
                match follower.next().await {
                    Ok(events) => for event in events {
                        yield Ok(event);
                    },
                    Err(error) => {
                        drop(follower);
                        yield Err(error);
                        break;
                    }
                }
            }
        }
    })
}
