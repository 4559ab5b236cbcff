//! How silence turns into "unhealthy" and then into "gone".
//!
//! An instance is unhealthy at the first sweep *after* its silence exceeds `unhealthy_after`, and removed at the
//! first after it exceeds `removed_after`. Between sweeps nothing changes, so with one sweep every five seconds
//! the default instance turns unhealthy 15 to 20 s and is gone 30 to 35 s after its last beat, as with Nacos.

use super::service::Entry;
use super::{EditTarget, Naming, NamingRecord, ServiceKey};

/// A service nobody defined is forgotten when it was empty this long, ms.
const EMPTY_SERVICE_KEPT: i64 = 60_000;
/// An operator's edit outlives its instance this long, ms.
const ORPHANED_EDIT_KEPT: i64 = 60_000;
/// Void tickets are thrown out when there are this many more tickets than instances.
const VOID_TICKETS: usize = 4_096;

/// What a sweep did and what it would like to be done.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Swept {
    /// Services whose lists differ now; one may be named twice.
    pub(crate) changed: Vec<ServiceKey>,
    /// Edits to forget. Forgetting is durable, so the caller writes it down and applies it.
    pub(crate) expired: Vec<NamingRecord>,
}

impl Naming {
    /// Ages everything to `now`.
    pub(crate) fn sweep(&mut self, now: i64) -> Swept {
        let mut changed = Vec::new();
        while let Some((ticket, key, address)) = self.deadlines.pop_before(now) {
            let Some(service) = self.service_mut(&key) else { continue };
            let Some(entry) = service.instances.get(&address).filter(|entry| entry.ticket == ticket) else { continue };
            let silence = now - entry.last_beat;
            if silence > entry.view.periods.removed_after {
                self.take(&key, &address, now);
                changed.push(key);
                continue;
            }
            if silence > entry.view.periods.unhealthy_after && service.set_healthy(&address, false) {
                changed.push(key.clone());
            }
            self.queue(&key, &address);
        }
        self.discard_void_tickets();
        self.drop_empty_services(now);
        let expired = self.orphaned_since.iter().filter(|(_, since)| now - **since > ORPHANED_EDIT_KEPT);
        let expired =
            expired.map(|((key, target), _)| NamingRecord::EditGone { key: key.clone(), target: EditTarget::clone(target) }).collect();
        Swept { changed, expired }
    }

    /// The clock jumped by `by` ms: moves every beat with it, but none past `now`.
    pub(crate) fn shift(&mut self, by: i64, now: i64) {
        self.deadlines.clear();
        let mut moved = Vec::new();
        for service in self.namespaces.values_mut().flat_map(|services| services.values_mut()).filter(|service| service.ephemeral) {
            for (address, entry) in &mut service.instances {
                entry.last_beat = entry.last_beat.saturating_add(by).min(now);
                moved.push((service.key.clone(), address.clone()));
            }
        }
        for (key, address) in &moved {
            self.queue(key, address);
        }
        let since = self.empty_since.values_mut().chain(self.orphaned_since.values_mut());
        since.for_each(|since| *since = since.saturating_add(by).min(now));
    }

    fn drop_empty_services(&mut self, now: i64) {
        let due = self.empty_since.iter().filter(|(_, since)| now - **since > EMPTY_SERVICE_KEPT).map(|(key, _)| key.clone());
        for key in due.collect::<Vec<_>>() {
            // An edit still waits for its instance: the service goes when the edit does.
            if self.service(&key).is_some_and(|service| service.edits.is_empty() && service.len() == 0) {
                self.drop_service(&key);
            }
        }
    }

    fn discard_void_tickets(&mut self) {
        if self.deadlines.len() <= self.instances + VOID_TICKETS {
            return;
        }
        let mut deadlines = std::mem::take(&mut self.deadlines);
        deadlines.retain(|key, address, ticket| {
            self.service(key).and_then(|service| service.instance(address)).is_some_and(|entry| entry.ticket == ticket)
        });
        self.deadlines = deadlines;
    }
}

/// When an instance may change next if it stays silent, ms.
pub(super) fn next_change(entry: &Entry) -> i64 {
    let periods = entry.view.periods;
    let wait = if entry.view.healthy { periods.unhealthy_after.min(periods.removed_after) } else { periods.removed_after };
    entry.last_beat.saturating_add(wait)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::naming::{Address, Beat, Metadata, Registration};

    #[derive(Clone, Debug)]
    enum Event {
        Register(u16, Option<(u32, u32)>),
        Beat(u16),
        Deregister(u16),
        Sweep(i64),
        Shift(i64),
    }

    fn event() -> impl Strategy<Value = Event> {
        let port = 0_u16..6;
        prop_oneof![
            (port.clone(), proptest::option::of((5_000_u32..40_000, 5_000_u32..90_000))).prop_map(|(port, own)| Event::Register(port, own)),
            port.clone().prop_map(Event::Beat),
            port.prop_map(Event::Deregister),
            (1_i64..20_000).prop_map(Event::Sweep),
            (-50_000_i64..50_000).prop_map(Event::Shift),
        ]
    }

    /// One instance by the plain rule, looked at in every sweep.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Plain {
        last_beat: i64,
        healthy: bool,
        unhealthy_after: i64,
        removed_after: i64,
    }

    fn registration(port: u16, own: Option<(u32, u32)>) -> Registration {
        let metadata: Metadata = own
            .map(|(timeout, delete)| {
                [("preserved.heart.beat.timeout", timeout), ("preserved.ip.delete.timeout", delete)]
                    .map(|(key, value)| (key.to_owned(), Some(value.to_string())))
                    .into()
            })
            .unwrap_or_default();
        Registration {
            address: Address::new("10.0.0.1", port),
            cluster: "DEFAULT".into(),
            weight: 1.0,
            enabled: true,
            healthy: true,
            metadata,
            with_id: true,
        }
    }

    proptest! {
        /// The queue of deadlines changes an instance in exactly the sweep in which the plain rule does.
        #[test]
        fn the_queue_misses_nothing_and_hurries_nothing(events in proptest::collection::vec(event(), 1..120)) {
            let key = ServiceKey::new("public", "G", "orders");
            let mut naming = Naming::default();
            let mut plain: BTreeMap<u16, Plain> = BTreeMap::new();
            let mut now = 1_000_000_i64;
            for event in events {
                match event {
                    Event::Register(port, own) => {
                        naming.register(&key, registration(port, own), now).unwrap();
                        let (unhealthy, removed) = own.map_or((15_000, 30_000), |(a, b)| (i64::from(a), i64::from(b)));
                        plain.insert(port, Plain { last_beat: now, healthy: true, unhealthy_after: unhealthy, removed_after: removed });
                    }
                    Event::Beat(port) => {
                        let beat = Beat { address: Address::new("10.0.0.1", port), full: None };
                        naming.beat(&key, beat, now).unwrap();
                        if let Some(one) = plain.get_mut(&port) {
                            (one.last_beat, one.healthy) = (now, true);
                        }
                    }
                    Event::Deregister(port) => {
                        let known = naming.deregister(&key, &Address::new("10.0.0.1", port), now);
                        prop_assert_eq!(known, plain.remove(&port).is_some());
                    }
                    Event::Sweep(passed) => {
                        now += passed;
                        naming.sweep(now);
                        plain.retain(|_, one| now - one.last_beat <= one.removed_after);
                        for one in plain.values_mut().filter(|one| now - one.last_beat > one.unhealthy_after) {
                            one.healthy = false;
                        }
                    }
                    Event::Shift(by) => {
                        now += by;
                        naming.shift(by, now);
                        plain.values_mut().for_each(|one| one.last_beat = (one.last_beat + by).min(now));
                    }
                }
                let service = naming.service(&key);
                let ours: BTreeMap<u16, (i64, bool)> = service
                    .into_iter()
                    .flat_map(crate::naming::Service::instances)
                    .map(|entry| (entry.view.address.port, (entry.last_beat, entry.view.healthy)))
                    .collect();
                let expected: BTreeMap<u16, (i64, bool)> = plain.iter().map(|(port, one)| (*port, (one.last_beat, one.healthy))).collect();
                prop_assert_eq!(ours, expected);
                prop_assert_eq!(service.map_or(0, crate::naming::Service::len), plain.len());
                prop_assert_eq!(service.map_or(0, crate::naming::Service::healthy), plain.values().filter(|one| one.healthy).count());
                prop_assert_eq!(naming.counts().1, plain.len());
                prop_assert_eq!(naming.clients().count(), plain.len());
            }
        }
    }
}
