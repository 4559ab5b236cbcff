//! Telling subscribers by UDP that a service changed, as Nacos does, but at once.
//!
//! Who subscribes is known here; what the datagram says is asked of the naming state when it is sent, so a burst
//! of changes becomes one datagram.

mod datagram;
mod pending;
mod subscribers;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::naming::ServiceKey;

pub(crate) use datagram::HostList;
pub(crate) use subscribers::{Subscriber, Subscribers};
pub(crate) use task::run;

/// Whom a change concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Audience {
    /// Everybody who subscribes.
    All,
    /// Who has just subscribed: `ip:port`.
    Only(BTreeSet<String>),
}

/// The subscribers, and what they have not been told yet.
#[derive(Debug, Default)]
pub(crate) struct Pushes {
    pub(crate) subscribers: Mutex<Subscribers>,
    untold: Mutex<BTreeMap<ServiceKey, Audience>>,
    wake: Notify,
}

impl Pushes {
    /// The lists of a service differ now.
    pub(crate) fn changed(&self, key: &ServiceKey) {
        if self.subscribers.lock().has(key) {
            self.untold.lock().insert(key.clone(), Audience::All);
            self.wake.notify_one();
        }
    }

    /// Takes a subscription or its renewal; a new one is told the present state at once.
    pub(crate) fn subscribe(&self, key: &ServiceKey, subscriber: Subscriber, now: i64) {
        let address = subscriber.address.to_string();
        if !self.subscribers.lock().subscribe(key, subscriber, now) {
            return;
        }
        if let Audience::Only(addresses) = self.untold.lock().entry(key.clone()).or_insert_with(|| Audience::Only(BTreeSet::new())) {
            addresses.insert(address);
        }
        self.wake.notify_one();
    }

    async fn untold(&self) -> BTreeMap<ServiceKey, Audience> {
        loop {
            let untold = std::mem::take(&mut *self.untold.lock());
            if !untold.is_empty() {
                return untold;
            }
            self.wake.notified().await;
        }
    }
}
