//! What a person wrote, in the ledger.

use std::sync::Arc;

use pilothouse_api::MarkKind;
use pilothouse_console::Rights;
use pilothouse_model::{Actor, Edited, Evidence, InstanceEdit, Liveness, Readback};
use pilothouse_registry::{EntryKey, WatchEvent};

use crate::recording::{MemoryLedger, start};
use crate::scripted::{Scripted, instance, service};
use crate::supervision::eventually;

#[tokio::test(start_paused = true)]
async fn an_edit_is_a_row_of_the_ledger_whatever_becomes_of_the_liveness() {
    let (registry, script) = Scripted::new("a");
    let ledger = Arc::new(MemoryLedger::default());
    let hub = start(&ledger, vec![registry]).await;
    let before = instance(service("a", "s"), 1, 1.0);
    script.list(vec![before.clone()]);
    let fleet = hub.fleet();
    eventually("the list", || fleet.instance_key(&Rights::local(), before.key.id()).is_some()).await;

    let weights = |weight| InstanceEdit { weight: Some(weight), ..InstanceEdit::default() };
    let shifted = Edited { from: weights(1.0), to: weights(5.0) };
    let read = Some(pilothouse_model::Instance { weight: 5.0, ..before.clone() });
    hub.operators().record(&Actor::local(), &before.key, Some(&shifted), Readback::Confirmed, read.clone()).await;
    // The watch was faster this time: the fleet shows the change already when the person's hand is told.
    let drained = Edited { from: weights(5.0), to: weights(0.0) };
    let empty = pilothouse_model::Instance { weight: 0.0, ..before.clone() };
    script.apply(empty.clone());
    eventually("drained by the watch", || {
        fleet.instance(&Rights::local(), before.key.id()).is_some_and(|row| row.liveness == Liveness::Drained)
    })
    .await;
    hub.operators().record(&Actor::local(), &before.key, Some(&drained), Readback::Confirmed, Some(empty.clone())).await;
    // Nothing is claimed before the registry shows it.
    hub.operators().record(&Actor::local(), &before.key, Some(&shifted), Readback::NotYet, Some(empty)).await;
    hub.stop().await;

    let batches = ledger.batches.lock();
    let rows: Vec<_> = batches
        .iter()
        .flat_map(|batch| &batch.transitions)
        .filter(|row| row.instance.is_some())
        .map(|row| (row.from, row.to, row.evidence.clone()))
        .collect();
    let edited = |change| Evidence::Edited { by: "local".into(), change: Some(Box::new(change)) };
    assert_eq!(
        rows,
        [
            (Some(Liveness::Up), Liveness::Up, edited(shifted)),
            (Some(Liveness::Up), Liveness::Drained, Evidence::Registry),
            (Some(Liveness::Drained), Liveness::Drained, edited(drained)),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_comes_back_in_another_version_was_deployed() {
    let (registry, script) = Scripted::new("a");
    let hub = start(&Arc::default(), vec![registry]).await;
    let fleet = hub.fleet();
    let version = |version: &str| {
        let metadata = [("version".to_owned(), version.to_owned())].into();
        pilothouse_model::Instance { metadata, ..instance(service("a", "s"), 1, 1.0) }
    };
    script.list(vec![version("1.0"), instance(service("a", "s"), 2, 1.0)]);
    eventually("the list", || fleet.totals(&Rights::local()).instances == 2).await;
    script.event(WatchEvent::Delete(EntryKey::Instance(version("1.0").key)));
    eventually("it is away", || fleet.totals(&Rights::local()).instances == 1).await;
    assert!(fleet.changes(&Rights::local(), 9).is_empty());
    script.apply(version("1.1"));
    eventually("it is back", || fleet.totals(&Rights::local()).instances == 2).await;
    let changes: Vec<_> = fleet.changes(&Rights::local(), 9).into_iter().map(|change| (change.kind, change.from, change.to)).collect();
    assert_eq!(changes, [(MarkKind::Version, "1.0".into(), "1.1".into())]);
    hub.stop().await;
}
