//! How fast the ledger takes facts, and how fast it answers over a million transitions.
//!
//! `cargo run --release -p pilothouse-store --example ledger_load -- [SQLITE_FILE | postgres://…]` prints one JSON object a
//! line. Without an argument a temporary SQLite file is used; a PostgreSQL database should be empty.
#![allow(clippy::print_stdout, reason = "the figures are its output")]

use std::collections::BTreeMap;
use std::time::Instant;

use pilothouse_api::{LedgerQuery, LedgerShow};
use pilothouse_console::ports::{Ledger, LedgerBatch, PastFleet};
use pilothouse_model::{
    BeatVia, Evidence, Fact, FactBody, Health, Heartbeat, Instance, InstanceKey, Liveness, LocalInstanceId, Millis, Namespace, Occurred,
    Scope, ServiceKey, Transition,
};
use pilothouse_store::{Store, StoreConfig};

const TRANSITIONS: i64 = 1_000_000;
const BATCH: i64 = 5_000;
const INSTANCES: i64 = 10_000;
const START: i64 = 1_700_000_000_000;
/// Milliseconds from one transition to the next: a million of them fill four days.
const PACE: i64 = 345;

fn instance(n: i64, weight: f64) -> Instance {
    let scope = Scope { registry: "nacos-a".parse().expect("a slug"), namespace: Namespace::new("prod"), group: "DEFAULT_GROUP".into() };
    let service = ServiceKey { scope, name: format!("service-{}", n % 500).into() };
    Instance {
        key: InstanceKey {
            service,
            cluster: "DEFAULT".into(),
            instance: LocalInstanceId(format!("10.0.{}.{}:8080", n / 250, n % 250).into()),
        },
        host: format!("10.0.{}.{}", n / 250, n % 250),
        port: 8080,
        weight,
        enabled: true,
        ephemeral: Some(true),
        health: Health::Reported { healthy: true },
        heartbeat: Heartbeat::untold(BeatVia::Http),
        incarnation: None,
        metadata: BTreeMap::from([("zone".into(), format!("east-1{}", n % 3)), ("version".into(), "1.43.0".into())]),
    }
}

fn batch(first: i64) -> LedgerBatch {
    let mut batch = LedgerBatch::default();
    for n in first..first + BATCH {
        let at = Millis(START + n * PACE);
        let occurred = Occurred { at: None, seen: at, not_before: at - 300, not_after: at };
        let (which, round) = (n % INSTANCES, n / INSTANCES);
        let instance = instance(which, f64::from(i32::try_from(round).expect("few rounds")));
        let to = if round % 10 == 9 && which % 7 == 0 { Liveness::Unhealthy } else { Liveness::Up };
        batch.transitions.push(Transition {
            occurred,
            registry: instance.key.service.scope.registry.clone(),
            instance: Some(instance.key.clone()),
            from: Some(Liveness::Late),
            to,
            evidence: if n % 10_000 == 0 { Evidence::Edited { by: "local".into(), change: None } } else { Evidence::Registry },
        });
        let registry = instance.key.service.scope.registry.clone();
        batch.facts.push(Fact { occurred, registry, body: FactBody::InstanceApplied { instance: Box::new(instance) } });
    }
    batch
}

fn print(name: &str, value: f64, unit: &str) {
    println!("{}", serde_json::json!({ "name": name, "value": (value * 10.0).round() / 10.0, "unit": unit }));
}

/// The 95th percentile of 40 runs.
async fn page(store: &Store, name: &str, query: LedgerQuery) {
    let now = Millis(START + TRANSITIONS * PACE);
    let mut times = Vec::new();
    for _ in 0..40 {
        let start = Instant::now();
        store.read(&query, now).await.expect("a page");
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    print(&format!("page p95, {name}"), times[37], "ms");
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = std::env::args().nth(1).unwrap_or_else(|| folder.path().join("load.db").display().to_string());
    let store = Store::open(StoreConfig::at(url)).await.expect("the store opens");

    let mut appending = 0.0;
    let mut slowest: f64 = 0.0;
    for first in (0..TRANSITIONS).step_by(BATCH as usize) {
        let batch = batch(first);
        let start = Instant::now();
        store.append(&batch).await.expect("a batch is taken");
        let took = start.elapsed().as_secs_f64();
        appending += took;
        slowest = slowest.max(took);
    }
    print("facts appended, as many transitions beside them", TRANSITIONS as f64 / appending, "1/s");
    print("slowest batch of 5,000 facts and transitions", slowest * 1_000.0, "ms");

    let instances = (0..INSTANCES).map(|n| instance(n, 1.0)).collect();
    let end = Millis(START + TRANSITIONS * PACE);
    let start = Instant::now();
    store.checkpoint(end, &PastFleet { instances, ..Default::default() }).await.expect("a checkpoint");
    print("checkpoint of 10,000 instances", start.elapsed().as_secs_f64() * 1_000.0, "ms");
    let start = Instant::now();
    store.fleet_at(end).await.expect("a fleet");
    print("fleet_at of 10,000 instances", start.elapsed().as_secs_f64() * 1_000.0, "ms");

    let hour = LedgerQuery { since: Some(end - 3_600_000), ..Default::default() };
    page(&store, "the last hour", hour.clone()).await;
    page(&store, "the last hour, text found nowhere", LedgerQuery { text: Some("nowhere".into()), ..hour }).await;
    page(&store, "one service, four days", LedgerQuery { service: Some(instance(7, 1.0).key.service.id()), ..Default::default() }).await;
    page(&store, "edits, four days", LedgerQuery { show: LedgerShow::Edits, ..Default::default() }).await;
    page(&store, "everything, four days", LedgerQuery::default()).await;
    page(&store, "everything, four days, text found nowhere", LedgerQuery { text: Some("nowhere".into()), ..Default::default() }).await;

    let start = Instant::now();
    store.retain(end).await.expect("old rows go");
    print("retain drops a million of each", start.elapsed().as_secs_f64(), "s");
    store.close().await;
}
