//! Forgetting: what goes, and what may not.

use pilothouse_api::LedgerQuery;
use pilothouse_console::ports::{Ledger, LedgerBatch, PastFleet};
use pilothouse_model::{FactBody, Liveness, Millis};
use proptest::prelude::*;

use crate::databases::Databases;
use crate::fleet::{Model, any_body, applied, fact, facts, instance, instance_key, transition};
use crate::past::{any_steps, cases, check, play};

pub(crate) async fn what_is_retained_rebuilds_every_later_moment(databases: Databases) {
    let strategy = (any_steps(), any::<prop::sample::Index>(), prop::collection::vec(any_body(), 0..8));
    let databases = &databases;
    check(&mut cases(databases), &strategy, |(steps, before, later)| async move {
        let (store, past) = play(databases, steps).await;
        let (before, end) = (before.index(past.len()), i64::try_from(past.len()).unwrap());
        store.retain(Millis(i64::try_from(before).unwrap())).await.unwrap();
        for (at, fleet) in (0..).zip(&past).skip(before) {
            assert_eq!(&store.fleet_at(Millis(at)).await.unwrap(), fleet, "at {at}, retained from {before}");
        }
        // Moments dropped are empty or, where a checkpoint reaches further back, still true: never something else.
        for (at, fleet) in (0..).zip(&past).take(before) {
            let found = store.fleet_at(Millis(at)).await.unwrap();
            assert!(found == PastFleet::default() || found == *fleet, "at {at}, retained from {before}");
        }
        // And the ledger goes on: nothing forgotten makes a later fact look like a repetition.
        store.append(&facts(later.iter().cloned().map(|body| fact(end, body)))).await.unwrap();
        let mut model = Model::default();
        let last = past.last().unwrap();
        last.services.iter().cloned().for_each(|service| model.apply(&FactBody::ServiceApplied { service }));
        last.instances.iter().cloned().for_each(|instance| model.apply(&FactBody::InstanceApplied { instance: Box::new(instance) }));
        later.iter().for_each(|body| model.apply(body));
        assert_eq!(store.fleet_at(Millis(end)).await.unwrap(), model.fleet());
    });
}

pub(crate) async fn old_rows_are_gone(databases: Databases) {
    let store = databases.store().await;
    let all = LedgerQuery::default();
    let kept = instance(0, 1, 1.0, true);
    let batch = LedgerBatch {
        facts: vec![
            applied(10, instance(0, 0, 1.0, true)),
            fact(11, FactBody::InstanceDeleted { instance: instance_key(0, 0) }),
            applied(12, kept.clone()),
        ],
        transitions: (0..12_000).map(|at| transition(at, 0, 0, Liveness::Up)).collect(),
    };
    store.append(&batch).await.unwrap();
    store.retain(Millis(11_000)).await.unwrap();
    let read = store.read(&all, Millis(20_000)).await.unwrap();
    assert_eq!((read.facts, read.transitions), (3, 1_000), "without a checkpoint every fact is needed");
    store.append(&facts([applied(13, kept.clone())])).await.unwrap();
    let read = store.read(&all, Millis(20_000)).await.unwrap();
    assert_eq!(read.facts, 3, "what is still there is not forgotten, however long ago it was told");

    store.checkpoint(Millis(13), &PastFleet { instances: vec![kept.clone()], ..Default::default() }).await.unwrap();
    store.append(&facts([applied(11_500, instance(0, 1, 2.0, true))])).await.unwrap();
    store.retain(Millis(11_000)).await.unwrap();
    assert_eq!(store.read(&all, Millis(20_000)).await.unwrap().facts, 1);
    assert_eq!(store.fleet_at(Millis(12)).await.unwrap(), PastFleet::default(), "before the ledger's reach");
    assert_eq!(store.fleet_at(Millis(11_000)).await.unwrap().instances, [kept]);
    assert_eq!(store.fleet_at(Millis(11_500)).await.unwrap().instances, [instance(0, 1, 2.0, true)]);

    store.retain(Millis(0)).await.unwrap();
    assert_eq!(store.fleet_at(Millis(12)).await.unwrap(), PastFleet::default(), "the reach never grows backwards");
}
