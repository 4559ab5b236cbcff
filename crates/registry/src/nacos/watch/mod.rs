//! Watching a Nacos cluster: a whole list, then push as a hint, polls, and a proof of life.
//!
//! Whatever says that a service may have changed (a datagram, a count, a sweep, a renewal) leads to the same thing: that
//! service is read again from where health is honest, and what differs is told. Nothing is told that was not read there.

mod job;
mod listing;
mod pace;
mod poll;
mod proof;
mod push;
mod reads;
mod round;
mod socket;
mod stroll;
mod view;

use std::sync::Arc;

use async_stream::stream;
use futures::stream::BoxStream;

use super::NacosRegistry;
use crate::{RegistryError, WatchEvent};
use listing::Listing;
use round::Step;

pub(super) use pace::{SWEEP, proof_interval, pushing_interval};

/// The events of one registry. After an error, the next item begins a whole list.
pub(super) fn watch(registry: Arc<NacosRegistry>) -> BoxStream<'static, Result<WatchEvent, RegistryError>> {
    Box::pin(stream! {
        loop {
            let mut listing = match Listing::begin(Arc::clone(&registry)).await {
                Ok(listing) => listing,
                Err(error) => {
                    yield Err(error);
                    continue;
                }
            };
            yield Ok(WatchEvent::Init);
            let outcome = loop {
                match listing.next().await {
                    Some(Ok(entries)) => {
                        for entry in entries {
                            yield Ok(WatchEvent::InitApply(entry));
                        }
                    }
                    Some(Err(error)) => break Err(error),
                    None => break Ok(()),
                }
            };
            if let Err(error) = outcome {
                yield Err(error);
                continue;
            }
            let mut round = listing.finish();
            yield Ok(WatchEvent::InitDone);
            loop {
                match round.step().await {
                    Ok(Step::Told(events)) => {
                        for event in events {
                            yield Ok(event);
                        }
                    }
                    Ok(Step::ListAgain) => break,
                    Err(error) => {
                        yield Err(error);
                        break;
                    }
                }
            }
        }
    })
}
