//! The page: filters, order, cursors, densities.

use pilothouse_api::{LedgerAnswer, LedgerQuery, LedgerRow, LedgerShow};
use pilothouse_console::ports::{Ledger, LedgerBatch, StoreError};
use pilothouse_model::{Evidence, Liveness, Millis, Occurred, Transition};
use pilothouse_store::Store;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::databases::Databases;
use crate::fleet::{applied, instance, instance_key, registry, seen, service_key, transition};
use crate::past::{cases, check};

const NOW: Millis = Millis(1_000_000);

async fn read(store: &Store, query: &LedgerQuery) -> LedgerAnswer {
    store.read(query, NOW).await.unwrap()
}

fn of(transitions: Vec<Transition>) -> LedgerBatch {
    LedgerBatch { facts: Vec::new(), transitions }
}

fn edited(transition: Transition, by: &str) -> Transition {
    Transition { evidence: Evidence::Edited { by: by.into(), change: None }, ..transition }
}

fn source(at: i64, to: Liveness) -> Transition {
    Transition { occurred: seen(at), registry: registry("consul-b"), instance: None, from: None, to, evidence: Evidence::Freshness }
}

pub(crate) async fn every_filter_narrows(databases: Databases) {
    let store = databases.store().await;
    let told = Occurred { at: Some(Millis(15)), ..seen(90) };
    store
        .append(&of(vec![
            transition(10, 0, 1, Liveness::Late),
            Transition { occurred: told, ..transition(0, 1, 2, Liveness::Removed) },
            edited(transition(20, 2, 3, Liveness::Drained), "ann"),
            source(30, Liveness::Unknown),
        ]))
        .await
        .unwrap();
    let ids = |answer: &LedgerAnswer| answer.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let all = read(&store, &LedgerQuery::default()).await;
    let id: Vec<i64> = ids(&all).into_iter().rev().collect();
    assert_eq!(id.len(), 4);
    assert_eq!(all.rows[2].occurred, told, "sorted by the registry's own time where it tells one");
    assert_eq!(
        all.rows[0],
        LedgerRow {
            id: id[3],
            occurred: seen(30),
            registry: registry("consul-b"),
            service: None,
            namespace: String::new(),
            name: String::new(),
            address: String::new(),
            host: String::new(),
            from: None,
            to: Liveness::Unknown,
            evidence: Evidence::Freshness,
        }
    );
    let query = |narrow: fn(&mut LedgerQuery)| {
        let mut query = LedgerQuery::default();
        narrow(&mut query);
        query
    };
    for (query, expected) in [
        (query(|q| q.since = Some(Millis(15))), vec![3, 2, 1]),
        (query(|q| q.until = Some(Millis(15))), vec![0]),
        (query(|q| q.registry = Some(registry("consul-b"))), vec![3, 1]),
        (query(|q| q.service = Some(service_key(2).id())), vec![2]),
        (query(|q| q.host = Some("id-1".into())), vec![0]),
        (query(|q| q.to = Some(Liveness::Removed)), vec![1]),
        (query(|q| q.show = LedgerShow::Edits), vec![2]),
        (query(|q| q.text = Some("CHECKOUT".into())), vec![0]),
        (query(|q| q.text = Some("GRÖSSE".into())), vec![]),
        (query(|q| q.text = Some("GRÖß".into())), vec![1]),
        (query(|q| q.text = Some("%_\\".into())), vec![1]),
        (query(|q| q.text = Some("_".into())), vec![1]),
        (query(|q| q.text = Some(" id-3 ".into())), vec![2]),
        (query(|q| q.text = Some("订单@@".into())), vec![2]),
        (query(|q| (q.text, q.to) = (Some("id-".into()), Some(Liveness::Late))), vec![0]),
        (query(|q| q.text = Some("a\0b".into())), vec![]),
    ] {
        let answer = read(&store, &query).await;
        assert_eq!(ids(&answer), expected.iter().map(|index: &usize| id[*index]).collect::<Vec<_>>(), "{query:?}");
        assert_eq!(answer.transitions, expected.len() as u64, "{query:?}");
    }
}

pub(crate) async fn pages_follow_each_other_while_rows_are_written(databases: Databases) {
    let store = databases.store().await;
    store.append(&of((0..95).map(|n| transition(1_000 + n / 10, 0, 0, Liveness::Up)).collect())).await.unwrap();
    let before: Vec<i64> =
        read(&store, &LedgerQuery { limit: Some(500), ..Default::default() }).await.rows.iter().map(|row| row.id).collect();
    let mut query = LedgerQuery { limit: Some(10), ..Default::default() };
    let mut paged = Vec::new();
    loop {
        let page = read(&store, &query).await;
        paged.extend(page.rows.iter().map(|row| row.id));
        // At the top, and at moments that the pages are just passing.
        let newer = [2_000, 1_000 + i64::try_from(paged.len() / 10).unwrap()].map(|at| transition(at, 0, 1, Liveness::Late));
        store.append(&of(newer.to_vec())).await.unwrap();
        let Some(next) = page.next else { break };
        query.cursor = Some(next);
    }
    let mut unique = paged.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), paged.len(), "no row twice");
    paged.retain(|id| before.contains(id));
    assert_eq!(paged, before, "every row that was there, in order");
}

fn any_transition() -> impl Strategy<Value = Transition> {
    let to = prop::sample::select(&Liveness::ALL[..]);
    let instances = (0..3_u8, 0..4_u8, to, 0..200_i64, prop::option::of(0..200_i64), any::<bool>());
    let instances = instances.prop_map(|(service, n, to, at, told, by_person)| {
        let mut one = transition(at, service, n, to);
        one.occurred.at = told.map(Millis);
        if by_person { edited(one, "ann") } else { one }
    });
    prop_oneof![9 => instances, 1 => (0..200_i64).prop_map(|at| source(at, Liveness::Unknown))]
}

fn any_query() -> impl Strategy<Value = LedgerQuery> {
    let span = (prop::option::of(-5..220_i64), prop::option::of(-5..220_i64));
    let registry = prop::option::weighted(0.2, prop::sample::select(vec![registry("nacos-a"), registry("consul-b"), registry("other")]));
    let service = prop::option::weighted(0.2, (0..3_u8).prop_map(|n| service_key(n).id()));
    let host = prop::option::weighted(0.2, (0..4_u8).prop_map(|n| format!("id-{n}")));
    let to = prop::option::weighted(0.2, prop::sample::select(&Liveness::ALL[..]));
    let text = prop::option::weighted(0.2, prop::sample::select(vec!["API", "id-1", "ö", "%", "\\", "单", "nothing"]));
    let show = prop_oneof![4 => Just(LedgerShow::Transitions), 1 => Just(LedgerShow::Edits)];
    (span, registry, service, host, to, text, show, 1..40_u32).prop_map(
        |((since, until), registry, service, host, to, text, show, limit)| LedgerQuery {
            since: since.map(Millis),
            until: until.map(Millis),
            registry,
            service,
            host,
            to,
            text: text.map(str::to_owned),
            show,
            cursor: None,
            limit: Some(limit),
        },
    )
}

/// Whether a query lets a transition through, said once more without SQL.
fn lets_through(query: &LedgerQuery, one: &Transition) -> bool {
    let moment = one.occurred.moment();
    let (id, name) = one.instance.as_ref().map_or(("", ""), |key| (&key.instance.0, &key.service.name));
    let text = |text: &String| format!("{name}\n{id}").to_lowercase().contains(&text.to_lowercase());
    query.since.is_none_or(|since| moment >= since)
        && query.until.is_none_or(|until| moment < until)
        && query.registry.as_ref().is_none_or(|registry| *registry == one.registry)
        && query.service.is_none_or(|service| one.instance.as_ref().is_some_and(|key| key.service.id() == service))
        && query.host.as_ref().is_none_or(|host| host == id)
        && query.to.is_none_or(|to| to == one.to)
        && query.text.as_ref().is_none_or(text)
        && (query.show == LedgerShow::Transitions || matches!(one.evidence, Evidence::Edited { .. }))
}

/// A row that is no transition: a person's edit left the liveness as it was.
fn is_only_edit(one: &Transition) -> bool {
    one.from == Some(one.to) && matches!(one.evidence, Evidence::Edited { .. })
}

pub(crate) async fn any_query_answers_as_the_model_does(databases: Databases) {
    let strategy = (vec(vec(any_transition(), 0..30), 1..4), vec(any_query(), 8));
    check(&mut cases(&databases), &strategy, |(batches, queries)| async {
        let store = databases.store().await;
        for batch in &batches {
            store.append(&of(batch.clone())).await.unwrap();
        }
        let all: Vec<_> = batches.into_iter().flatten().collect();
        for mut query in queries {
            let mut expected: Vec<_> = all.iter().filter(|one| lets_through(&query, one)).collect();
            // Stable: what was written later stands first among equal moments once the whole is turned round.
            expected.sort_by_key(|one| one.occurred.moment());
            expected.reverse();
            let first = read(&store, &query).await;
            let counted = |one: &&&Transition| query.show == LedgerShow::Edits || !is_only_edit(one);
            assert_eq!(first.transitions, expected.iter().filter(counted).count() as u64, "{query:?}");
            assert!(first.density.len() <= 120);
            let in_buckets: u32 = first.density.iter().flat_map(|bucket| &bucket.to).map(|(_, count)| count).sum();
            assert_eq!(u64::from(in_buckets), first.transitions, "{query:?}");
            for bucket in &first.density[..first.density.len() - 1] {
                let inside = |one: &&&Transition| (bucket.start..bucket.start + bucket.width_ms).contains(&one.occurred.moment());
                let sum: u32 = bucket.to.iter().map(|(_, count)| count).sum();
                assert_eq!(sum as usize, expected.iter().filter(counted).filter(inside).count(), "{query:?} {bucket:?}");
            }
            let mut rows = first.rows;
            let mut next = first.next;
            while let Some(cursor) = next {
                query.cursor = Some(cursor);
                let page = read(&store, &query).await;
                assert!(!page.rows.is_empty(), "a next page has rows");
                rows.extend(page.rows);
                next = page.next;
            }
            let shown: Vec<_> = rows.iter().map(|row| (row.occurred, row.to, &row.evidence, &row.address)).collect();
            let none = String::new();
            let names: Vec<_> =
                expected.iter().map(|one| one.instance.as_ref().map_or(none.clone(), |key| key.instance.to_string())).collect();
            let model: Vec<_> = expected.iter().zip(&names).map(|(one, name)| (one.occurred, one.to, &one.evidence, name)).collect();
            assert_eq!(shown, model, "{query:?}");
        }
    });
}

pub(crate) async fn rows_say_where_an_instance_listened(databases: Databases) {
    let store = databases.store().await;
    let gone = pilothouse_model::FactBody::InstanceDeleted { instance: instance_key(0, 7) };
    let mut batch = of(vec![transition(1, 0, 7, Liveness::Up), transition(1, 0, 8, Liveness::Up)]);
    batch.facts.push(applied(1, instance(0, 7, 1.0, true)));
    store.append(&batch).await.unwrap();
    let mut batch = of(vec![transition(2, 0, 7, Liveness::Removed)]);
    batch.facts.push(crate::fleet::fact(2, gone));
    store.append(&batch).await.unwrap();
    let rows = read(&store, &LedgerQuery::default()).await.rows;
    let places: Vec<_> =
        rows.iter().map(|row| (row.address.as_str(), row.host.as_str(), row.namespace.as_str(), row.name.as_str())).collect();
    let known = ("10.0.0.7:8080", "10.0.0.7", "prod", "checkout-api");
    assert_eq!(places, [known, ("id-8", "id-8", "prod", "checkout-api"), known]);
}

pub(crate) async fn wrong_arguments_are_named(databases: Databases) {
    let store = databases.store().await;
    let query = LedgerQuery { cursor: Some("yesterday".into()), ..Default::default() };
    assert!(matches!(store.read(&query, NOW).await, Err(StoreError::Invalid { field: "cursor", .. })));
    let query = LedgerQuery { limit: Some(0), ..Default::default() };
    assert!(matches!(store.read(&query, NOW).await, Err(StoreError::Invalid { field: "limit", .. })));
}
