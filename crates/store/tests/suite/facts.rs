//! Appending: what repeats is not stored, a batch is whole, names are what they are.

use pilothouse_api::LedgerQuery;
use pilothouse_console::ports::{Ledger, LedgerBatch, StoreError};
use pilothouse_model::{FactBody, Freshness, Liveness, Millis};
use pilothouse_store::Store;

use crate::databases::Databases;
use crate::fleet::{any_body, applied, fact, facts, instance, instance_key, transition};

async fn stored(store: &Store) -> u64 {
    store.read(&LedgerQuery::default(), Millis(1_000_000)).await.unwrap().facts
}

pub(crate) async fn a_fact_that_repeats_the_last_one_is_not_stored_again(databases: Databases) {
    let config = databases.fresh();
    let store = Store::open(config.clone()).await.unwrap();
    let (first, second) = (instance(0, 0, 1.0, true), instance(0, 0, 2.0, true));
    let deleted = |at| fact(at, FactBody::InstanceDeleted { instance: instance_key(0, 0) });
    let live = |at| fact(at, FactBody::Freshness { freshness: Freshness::Live { proof: Millis(7) } });

    store.append(&facts([applied(1, first.clone()), applied(2, first.clone()), live(2)])).await.unwrap();
    assert_eq!(stored(&store).await, 2, "within a batch");
    store.append(&facts([applied(3, first.clone()), live(3)])).await.unwrap();
    assert_eq!(stored(&store).await, 2, "across batches");
    store.close().await;
    let store = Store::open(config).await.unwrap();
    store.append(&facts([applied(4, first.clone())])).await.unwrap();
    assert_eq!(stored(&store).await, 2, "across restarts");
    store.append(&facts([applied(5, second.clone()), applied(6, first.clone()), deleted(7), deleted(8), applied(9, first)])).await.unwrap();
    assert_eq!(stored(&store).await, 6, "what was there before the last one is news again");
}

pub(crate) async fn a_batch_is_stored_as_a_whole_or_not_at_all(databases: Databases) {
    let config = databases.fresh();
    let store = Store::open(config.clone()).await.unwrap();
    databases.execute(&config, "ALTER TABLE transitions RENAME TO away").await;
    let batch = LedgerBatch { facts: vec![applied(1, instance(0, 0, 1.0, true))], transitions: vec![transition(1, 0, 0, Liveness::Up)] };
    assert!(matches!(store.append(&batch).await, Err(StoreError::Failed(_))));
    assert!(store.fleet_at(Millis(1)).await.unwrap().instances.is_empty());

    databases.execute(&config, "ALTER TABLE away RENAME TO transitions").await;
    store.append(&batch).await.unwrap();
    assert_eq!(store.fleet_at(Millis(1)).await.unwrap().instances.len(), 1, "nor does the failed one count as a repetition");
}

pub(crate) async fn five_thousand_facts_and_strange_names_come_back(databases: Databases) {
    use proptest::strategy::{Strategy, ValueTree};
    let store = databases.store().await;
    let many = (0..5_000_u32).map(|n| {
        let mut one = instance(0, 0, f64::from(n) / 7.0, true);
        one.key.instance.0 = format!("{n} \u{0}@@%/🚢订单").into();
        if n.is_multiple_of(500) {
            one.metadata.insert("long".into(), "é\"\\🚢".repeat(2_500));
        }
        one
    });
    let many: Vec<_> = many.collect();
    store.append(&facts(many.iter().cloned().map(|one| applied(5, one)))).await.unwrap();
    let mut fleet = store.fleet_at(Millis(5)).await.unwrap();
    fleet.instances.sort_by(|a, b| a.weight.total_cmp(&b.weight));
    assert!(fleet.instances == many, "every digit of a weight and every character of a name");

    // The generator of the property tests reaches every kind of fact that changes a fleet.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let kinds: std::collections::BTreeSet<_> =
        (0..500).map(|_| serde_json::to_value(any_body().new_tree(&mut runner).unwrap().current()).unwrap()["fact"].to_string()).collect();
    assert_eq!(kinds.len(), 5);
}
