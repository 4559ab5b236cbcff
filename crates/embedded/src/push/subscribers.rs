//! Who subscribes to what. Pure.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;

use crate::naming::ServiceKey;

/// A subscription that is not renewed by a list call is forgotten after this long, ms.
const KEPT: i64 = 60_000;
/// Subscriptions held at once; a new one beyond it is not taken, and the client polls as it always does.
const MAX_SUBSCRIPTIONS: usize = 100_000;

/// One who wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscriber {
    pub(crate) address: SocketAddr,
    /// The client's `User-Agent`.
    pub(crate) agent: String,
    pub(crate) app: String,
    /// The clusters it asked for, comma-separated; empty for all.
    pub(crate) clusters: String,
}

#[derive(Clone, Debug)]
struct Subscription {
    subscriber: Subscriber,
    renewed_at: i64,
}

/// Subscriptions by service.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    by_service: HashMap<ServiceKey, BTreeMap<String, Subscription>>,
    count: usize,
}

impl Subscribers {
    pub(crate) fn has(&self, key: &ServiceKey) -> bool {
        self.by_service.contains_key(key)
    }

    /// Takes a subscription; says whether it is a new one.
    pub(crate) fn subscribe(&mut self, key: &ServiceKey, subscriber: Subscriber, now: i64) -> bool {
        let id = subscriber.address.to_string();
        let is_known = self.by_service.get(key).is_some_and(|of| of.contains_key(&id));
        if !is_known && self.count >= MAX_SUBSCRIPTIONS {
            return false;
        }
        self.count += usize::from(!is_known);
        self.by_service.entry(key.clone()).or_default().insert(id, Subscription { subscriber, renewed_at: now });
        !is_known
    }

    /// Who subscribes to a service.
    pub(crate) fn of(&self, key: &ServiceKey) -> impl Iterator<Item = &Subscriber> {
        self.by_service.get(key).into_iter().flat_map(BTreeMap::values).map(|subscription| &subscription.subscriber)
    }

    /// What the client `ip:port` subscribes to, and when it last said so.
    pub(crate) fn by(&self, id: &str) -> Vec<(&ServiceKey, &Subscriber, i64)> {
        let found = self.by_service.iter().filter_map(|(key, of)| of.get(id).map(|s| (key, &s.subscriber, s.renewed_at)));
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by_key(|(key, ..)| *key);
        found
    }

    /// Every subscribing client, `ip:port`.
    pub(crate) fn clients(&self) -> std::collections::BTreeSet<String> {
        self.by_service.values().flat_map(BTreeMap::keys).cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Forgets who did not renew.
    pub(crate) fn sweep(&mut self, now: i64) {
        self.by_service.retain(|_, of| {
            of.retain(|_, subscription| now - subscription.renewed_at <= KEPT);
            !of.is_empty()
        });
        self.count = self.by_service.values().map(BTreeMap::len).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_lives_as_long_as_it_is_renewed() {
        let key = ServiceKey::new("public", "G", "orders");
        let one = |port: u16| Subscriber {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            agent: "Nacos-Java-Client:v1.4.6".to_owned(),
            app: String::new(),
            clusters: String::new(),
        };
        let mut subscribers = Subscribers::default();
        assert!(subscribers.subscribe(&key, one(1), 0));
        assert!(subscribers.subscribe(&key, one(2), 0));
        assert!(!subscribers.subscribe(&key, one(1), KEPT));
        subscribers.sweep(KEPT + 1);
        assert_eq!(subscribers.of(&key).collect::<Vec<_>>(), [&one(1)]);
        subscribers.sweep(2 * KEPT + 1);
        assert!(!subscribers.has(&key));
        assert_eq!(subscribers.len(), 0);
    }
}
