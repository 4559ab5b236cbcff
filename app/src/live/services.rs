//! Service summaries: a signal for each, dropped with its service, and one for the whole set.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::{ServiceFilter, ServiceRow};
use pilothouse_model::ServiceId;

use super::Counts;

/// One summary, live. It is reference-counted, so it goes when its service goes and no view shows it any more.
pub(crate) type Row = ArcRwSignal<Arc<ServiceRow>>;

/// How much of all services is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The first rows the server rendered, of this many.
    Part(u32),
    /// Every service.
    Whole,
    /// None: there are this many, too many for a browser. Pages are read from the server.
    TooMany(u32),
}

/// Service summaries.
#[derive(Clone, Copy)]
pub(crate) struct Services {
    rows: StoredValue<HashMap<ServiceId, Row>>,
    /// Every service that is held, by place; tells when services come and go, not when they change.
    pub(crate) order: RwSignal<Arc<Vec<ServiceId>>>,
    /// Counts over what is held.
    pub(crate) counts: RwSignal<Counts>,
    /// How much is held.
    pub(crate) extent: RwSignal<Extent>,
    /// Grows with every burst that changed a row.
    pub(crate) burst: RwSignal<u64>,
}

impl Services {
    pub(super) fn new() -> Self {
        Self {
            rows: StoredValue::new(HashMap::new()),
            order: RwSignal::default(),
            counts: RwSignal::default(),
            extent: RwSignal::new(Extent::Part(0)),
            burst: RwSignal::new(0),
        }
    }

    /// The summary of a service, if it is held.
    pub(crate) fn get(self, id: ServiceId) -> Option<Row> {
        self.rows.with_value(|rows| rows.get(&id).cloned())
    }

    /// What is held now, by place. Does not subscribe.
    pub(crate) fn snapshot(self) -> Vec<Arc<ServiceRow>> {
        let order = self.order.get_untracked();
        self.rows.with_value(|rows| order.iter().filter_map(|id| rows.get(id)).map(GetUntracked::get_untracked).collect())
    }

    /// Starts from some of `total` rows; a row may be given twice.
    pub(super) fn seed(self, rows: impl Iterator<Item = ServiceRow>, total: u32) {
        self.replace(rows.collect());
        let held = self.order.with_untracked(|order| order.len());
        self.extent.set(if held == total as usize { Extent::Whole } else { Extent::Part(total) });
    }

    /// Takes rows in place of everything held. Signals of services that stay are kept, so that their views stay.
    pub(super) fn replace(self, upsert: Vec<ServiceRow>) {
        let mut kept = HashMap::with_capacity(upsert.len());
        let mut counts = Counts::default();
        self.rows.update_value(|held| {
            for row in upsert {
                if kept.contains_key(&row.id) {
                    continue;
                }
                counts.add(&row);
                let row = Arc::new(row);
                let signal = match held.remove(&row.id) {
                    Some(signal) => {
                        renew(&signal, Arc::clone(&row));
                        signal
                    }
                    None => ArcRwSignal::new(Arc::clone(&row)),
                };
                kept.insert(row.id, signal);
            }
            *held = kept;
        });
        self.counts.set(counts);
        self.extent.set(Extent::Whole);
        self.arrange();
    }

    /// Takes changed rows and drops removed ones.
    pub(super) fn change(self, upsert: Vec<ServiceRow>, remove: &[ServiceId]) {
        let mut moved = false;
        let mut counts = self.counts.write();
        self.rows.update_value(|held| {
            for row in upsert {
                let row = Arc::new(row);
                if let Some(signal) = held.get(&row.id) {
                    let old = signal.get_untracked();
                    counts.change(&old, &row);
                    renew(signal, row);
                } else {
                    counts.add(&row);
                    held.insert(row.id, ArcRwSignal::new(row));
                    moved = true;
                }
            }
            for id in remove {
                if let Some(signal) = held.remove(id) {
                    counts.remove(&signal.get_untracked());
                    moved = true;
                }
            }
        });
        drop(counts);
        if moved {
            self.arrange();
        } else {
            self.burst.update(|n| *n += 1);
        }
    }

    /// There are too many: nothing is held.
    pub(super) fn too_many(self, total: u32) {
        self.rows.update_value(HashMap::clear);
        self.counts.set(Counts::default());
        self.extent.set(Extent::TooMany(total));
        self.arrange();
    }

    /// Puts what is held in its order and tells everybody.
    fn arrange(self) {
        let mut rows: Vec<Arc<ServiceRow>> = self.rows.with_value(|rows| rows.values().map(GetUntracked::get_untracked).collect());
        ServiceFilter::default().sort(&mut rows);
        self.order.set(Arc::new(rows.iter().map(|row| row.id).collect()));
        self.burst.update(|n| *n += 1);
    }
}

/// Sets a row unless it says the same as before.
fn renew(signal: &Row, row: Arc<ServiceRow>) {
    if signal.with_untracked(|old| *old != row) {
        signal.set(row);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use pilothouse_model::{Liveness, Millis, Namespace, Scope, ServiceKey};
    use proptest::prelude::*;

    use super::*;

    fn row(name: u8, state: usize) -> ServiceRow {
        let registry = if name.is_multiple_of(2) { "a" } else { "b" };
        let scope = Scope { registry: registry.parse().unwrap(), namespace: Namespace::new("n"), group: "".into() };
        let key = ServiceKey { scope, name: format!("service-{name}").as_str().into() };
        ServiceRow {
            id: key.id(),
            registry: key.scope.registry,
            namespace: key.scope.namespace,
            group: key.scope.group,
            name: key.name,
            liveness: Liveness::ALL[state],
            since: Millis(0),
            healthy: Some(1),
            total: 1,
            versions: vec![],
            zones: vec![],
            via: None,
            interval_ms: None,
            history: vec![],
        }
    }

    proptest! {
        #[test]
        fn a_snapshot_and_the_deltas_after_it_are_the_state(
            first in proptest::collection::vec((0u8..12, 0usize..9), 0..12),
            deltas in proptest::collection::vec((proptest::collection::vec((0u8..12, 0usize..9), 0..6), proptest::collection::vec(0u8..12, 0..3)), 0..8),
        ) {
            Owner::new().with(|| {
                let services = Services::new();
                let mut state: BTreeMap<u8, ServiceRow> = BTreeMap::new();
                for (name, liveness) in first {
                    state.insert(name, row(name, liveness));
                }
                services.replace(state.values().cloned().collect());
                for (upsert, remove) in deltas {
                    let upsert: BTreeMap<u8, ServiceRow> = upsert.into_iter().map(|(name, liveness)| (name, row(name, liveness))).collect();
                    let gone: Vec<ServiceId> = remove.iter().filter(|name| !upsert.contains_key(name)).map(|name| row(*name, 0).id).collect();
                    services.change(upsert.values().cloned().collect(), &gone);
                    state.extend(upsert);
                    state.retain(|_, row| !gone.contains(&row.id));
                }
                let mut expected: Vec<ServiceRow> = state.into_values().collect();
                ServiceFilter::default().sort(&mut expected);
                let mut counts = Counts::default();
                expected.iter().for_each(|row| counts.add(row));
                prop_assert_eq!(services.snapshot().iter().map(|row| (**row).clone()).collect::<Vec<_>>(), expected);
                prop_assert_eq!(services.counts.get_untracked(), counts);
                Ok(())
            })?;
        }
    }

    #[test]
    fn a_row_keeps_its_signal_through_a_snapshot_and_loses_it_with_its_service() {
        Owner::new().with(|| {
            let services = Services::new();
            services.replace(vec![row(1, 0), row(2, 0)]);
            let signal = services.get(row(1, 0).id).unwrap();
            services.replace(vec![row(1, 7)]);
            assert_eq!(signal.get_untracked().liveness, Liveness::ALL[7]);
            assert!(services.get(row(2, 0).id).is_none());
            services.too_many(30_000);
            assert_eq!((services.extent.get_untracked(), services.snapshot().len()), (Extent::TooMany(30_000), 0));
        });
    }
}
