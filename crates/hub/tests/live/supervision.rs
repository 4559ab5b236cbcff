//! Failing registries and a failing ledger.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pilothouse_api::Topic;
use pilothouse_console::Rights;
use pilothouse_model::{Freshness, Liveness};
use pilothouse_registry::WatchEvent;

use crate::reader::Reader;
use crate::recording::{Counting, MemoryLedger, start, start_with};
use crate::scripted::{Scripted, instance, service};

/// Waits until `done`; time is paused, so it passes by itself.
pub(crate) async fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..100_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not come");
}

#[tokio::test(start_paused = true)]
async fn a_failed_watch_is_tried_again_and_its_neighbour_does_not_notice() {
    let (bad, bad_script) = Scripted::new("bad");
    let (good, good_script) = Scripted::new("good");
    let hub = start(&Arc::default(), vec![bad.clone(), good]).await;
    good_script.list(vec![instance(service("good", "s"), 1, 1.0)]);
    bad_script.list(vec![instance(service("bad", "s"), 1, 1.0)]);
    let fleet = hub.fleet();
    let row = |id: &str| fleet.registries(&Rights::local()).into_iter().find(|row| row.id.as_str() == id).unwrap();
    eventually("both live", || row("bad").freshness.is_live() && row("good").freshness.is_live()).await;

    for _ in 0..5 {
        bad_script.fail("connection refused");
    }
    eventually("five failures", || row("bad").failures == 5).await;
    assert_eq!(row("bad").last_error.unwrap().1, "no endpoint is available: connection refused");
    assert!(*bad.watches.lock() >= 5);
    eventually("stale", || {
        good_script.event(WatchEvent::Alive);
        matches!(row("bad").freshness, Freshness::Stale { .. })
    })
    .await;
    let words: Vec<_> = fleet.services(&Rights::local()).iter().map(|row| (row.registry.to_string(), row.liveness)).collect();
    assert_eq!(words, [("bad".into(), Liveness::Unknown), ("good".into(), Liveness::Up)]);

    bad_script.list(vec![instance(service("bad", "s"), 1, 1.0)]);
    eventually("live again", || row("bad").freshness.is_live()).await;
    assert_eq!(row("bad").failures, 0);
    assert_eq!(hub.dead_tasks(), Vec::<String>::new());
    hub.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_delays_facts_and_loses_none() {
    let (registry, script) = Scripted::new("a");
    let ledger = Arc::new(MemoryLedger::default());
    ledger.failing.store(true, Ordering::SeqCst);
    let hub = start(&ledger, vec![registry]).await;
    script.list(vec![instance(service("a", "s"), 1, 1.0)]);
    let mut stream = hub.stream(Rights::local(), vec![Topic::Services], None).unwrap();
    let mut reader = Reader::default();
    reader.until(&mut stream, |reader| reader.services.len() == 1).await;
    eventually("the failure is known", || hub.recorder().failing.is_some_and(|why| why.contains("no room is left"))).await;
    for n in 0..20 {
        script.apply(instance(service("a", "s"), 1, f64::from(n) + 2.0));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ledger.facts(), 0);
    ledger.failing.store(false, Ordering::SeqCst);
    eventually("everything is written", || ledger.facts() == 23).await;
    assert_eq!(hub.recorder().failing, None);
    assert_eq!(hub.recorder().dropped, 0);
    hub.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_was_dropped_is_made_good_by_a_checkpoint() {
    let (registry, script) = Scripted::new("a");
    let ledger = Arc::new(MemoryLedger::default());
    ledger.failing.store(true, Ordering::SeqCst);
    let hub = start(&ledger, vec![registry]).await;
    script.list(vec![instance(service("a", "s"), 1, 1.0)]);
    for n in 0..400 {
        script.apply(instance(service("a", "s"), 1, f64::from(n) + 2.0));
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert!(hub.recorder().dropped > 0);
    ledger.failing.store(false, Ordering::SeqCst);
    eventually("a checkpoint", || ledger.past.lock().instances.first().is_some_and(|instance| instance.weight.total_cmp(&401.0).is_eq()))
        .await;
    hub.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_is_followed_by_a_checkpoint() {
    let (registry, script) = Scripted::new("a");
    let ledger = Arc::new(MemoryLedger::default());
    let clock = Arc::new(Counting::default());
    clock.set(3_600_000);
    let hub = start_with(Arc::clone(&clock), &ledger, vec![registry]).await;
    script.list(vec![instance(service("a", "s"), 1, 1.0)]);
    eventually("the list is written", || ledger.facts() > 0).await;
    assert!(ledger.past.lock().instances.is_empty(), "a few facts need no checkpoint");
    clock.set(0);
    eventually("a checkpoint holds what would lie in the future", || ledger.past.lock().instances.len() == 1).await;
    hub.stop().await;
}
