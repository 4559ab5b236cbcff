//! Who was there, and when a registry's view was last known to be true.

use pilothouse_api::{Gap, LedgerQuery};
use pilothouse_console::ports::{Ledger, PastFleet};
use pilothouse_model::{FactBody, Freshness, Millis};
use pilothouse_store::Store;

use crate::databases::Databases;
use crate::fleet::{fact, facts, registry};

const SECOND: i64 = 1_000;

async fn gaps(store: &Store, since: Option<i64>, until: Option<i64>) -> Vec<(i64, i64)> {
    let query = LedgerQuery { since: since.map(Millis), until: until.map(Millis), ..Default::default() };
    let gaps = store.read(&query, Millis(10_000 * SECOND)).await.unwrap().gaps;
    gaps.into_iter().map(|Gap { from, until }| (from.0 / SECOND, until.0 / SECOND)).collect()
}

pub(crate) async fn holes_in_the_notes_are_gaps(databases: Databases) {
    let config = databases.fresh();
    let store = Store::open(config.clone()).await.unwrap();
    assert_eq!(gaps(&store, Some(0), None).await, [], "before the first note there was no console");
    for at in [100, 110, 140, 139, 120] {
        store.alive(Millis(at * SECOND), &[]).await.unwrap();
    }
    assert_eq!(gaps(&store, Some(0), None).await, [], "thirty seconds are no hole, and the last span is open");
    store.close().await;
    let store = Store::open(config).await.unwrap();
    for at in [300, 310, 1_000, 1_010] {
        store.alive(Millis(at * SECOND), &[]).await.unwrap();
    }
    // The clock went back, and notes one of the spans again.
    store.alive(Millis(305 * SECOND), &[]).await.unwrap();
    assert_eq!(gaps(&store, Some(0), None).await, [(140, 300), (310, 1_000)]);
    assert_eq!(gaps(&store, Some(300 * SECOND), None).await, [(310, 1_000)]);
    assert_eq!(gaps(&store, Some(299 * SECOND), Some(305 * SECOND)).await, [(140, 300)]);
    store.retain(Millis(700 * SECOND)).await.unwrap();
    assert_eq!(gaps(&store, Some(0), None).await, [(310, 1_000)], "the gap that a kept moment lies in is kept");
}

pub(crate) async fn proofs_are_the_last_ones_of_their_moment(databases: Databases) {
    let store = databases.store().await;
    let (a, b) = (registry("nacos-a"), registry("consul-b"));
    let ms = |second: i64| Millis(second * SECOND);
    store.alive(ms(100), &[(a.clone(), ms(99)), (b.clone(), ms(98))]).await.unwrap();
    store.alive(ms(110), &[(a.clone(), ms(109)), (b.clone(), ms(98))]).await.unwrap();
    store.append(&facts([fact(125_000, FactBody::Freshness { freshness: Freshness::Stale { since: ms(112) } })])).await.unwrap();
    let fleet = PastFleet { proofs: vec![(b.clone(), ms(500))], ..Default::default() };
    store.checkpoint(ms(501), &fleet).await.unwrap();
    store.retain(ms(105)).await.unwrap();
    for (at, expected) in [
        (99, vec![(&b, 98), (&a, 99)]),
        (105, vec![(&b, 98), (&a, 105)]),
        (300, vec![(&b, 98), (&a, 112)]),
        (500, vec![(&b, 500), (&a, 112)]),
    ] {
        let proofs = store.fleet_at(ms(at)).await.unwrap().proofs;
        assert_eq!(proofs.iter().map(|(id, proof)| (id, proof.0 / SECOND)).collect::<Vec<_>>(), expected, "at {at} s");
    }
    assert_eq!(store.fleet_at(ms(97)).await.unwrap().proofs, []);
}
