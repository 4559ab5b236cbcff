//! List, then watch, without a gap.

use std::sync::Arc;

use super::{Fixture, Sample, Watcher};
use crate::Registry;

pub(super) async fn a_list_and_then_every_change(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (service, patience) = (fixture.service("follow"), fixture.patience());
    let (first, second) = (Sample::nth(1), Sample::nth(2));
    fixture.register(&service.name, &first).await;
    let mut watcher = Watcher::new(registry);
    watcher.until("what is there is listed", patience, |view| view.instances(&service).len() == 1).await;
    let shown = watcher.instances(&service).remove(0);
    assert_eq!((&shown.host, shown.port), (&first.host, first.port));
    assert_eq!(shown.metadata.get("version").map(String::as_str), Some("1"), "metadata is carried");
    assert_eq!((shown.enabled, shown.health.healthy()), (true, Some(true)));
    let in_force = registry.report().ways.iter().filter(|way| way.in_force).count();
    assert_eq!(in_force, 1, "exactly one way of watching is in force once connected");

    fixture.register(&service.name, &second).await;
    watcher.until("a new instance is shown", patience, |view| view.instances(&service).len() == 2).await;
    fixture.register(&service.name, &second.clone().with("version", "2")).await;
    let version_two = |view: &Watcher| view.instances(&service).iter().any(|i| i.port == second.port && i.version() == Some("2"));
    watcher.until("changed metadata is shown", patience, version_two).await;
    fixture.deregister(&service.name, &first).await;
    watcher.until("a gone instance is not shown", patience, |view| view.instances(&service).len() == 1).await;
    fixture.deregister(&service.name, &second).await;
    watcher.until("no instance is shown", patience, |view| view.instances(&service).is_empty()).await;
    assert_eq!(watcher.lists(), 1, "changes need no new list");
}

pub(super) async fn no_gap_between_list_and_changes(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    const COUNT: u16 = 12;
    let (service, patience) = (fixture.service("gap"), fixture.patience());
    let mut watcher = Watcher::new(registry);
    let registering = async {
        for n in 0..COUNT {
            fixture.register(&service.name, &Sample::nth(n)).await;
            tokio::task::yield_now().await;
        }
    };
    let watching = watcher.until("everything that registered during the list is shown", patience * 3, |view| {
        view.instances(&service).len() == usize::from(COUNT)
    });
    futures::join!(registering, watching);
    for n in 0..COUNT {
        fixture.deregister(&service.name, &Sample::nth(n)).await;
    }
    watcher.until("everything is gone again", patience * 3, |view| view.instances(&service).is_empty()).await;
}

pub(super) async fn a_new_list_is_whole(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (service, patience) = (fixture.service("again"), fixture.patience());
    let (stays, leaves) = (Sample::nth(3), Sample::nth(4));
    fixture.register(&service.name, &stays).await;
    fixture.register(&service.name, &leaves).await;
    let mut first = Watcher::new(registry);
    first.until("both are listed", patience, |view| view.instances(&service).len() == 2).await;
    drop(first);
    fixture.deregister(&service.name, &leaves).await;
    let mut second = Watcher::new(registry);
    let one = |view: &Watcher| view.instances(&service).iter().map(|instance| instance.port).eq([stays.port]);
    second.until("the one that stayed is listed", patience, one).await;
    fixture.deregister(&service.name, &stays).await;
}

pub(super) async fn any_name_is_carried(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let patience = fixture.patience();
    for (n, stem) in (20..).zip(fixture.awkward_names()) {
        let mut service = fixture.service("");
        service.name = format!("{stem}{}", fixture.run()).into();
        let sample = Sample::nth(n).with("note", "a=b&c \"d\" é 订单 😀").with("long", &"x".repeat(500));
        fixture.register(&service.name, &sample).await;
        let mut watcher = Watcher::new(registry);
        watcher.until(&format!("{stem} is shown"), patience, |view| view.instances(&service).len() == 1).await;
        let shown = watcher.instances(&service).remove(0).metadata;
        for (key, value) in &sample.metadata {
            assert_eq!(shown.get(key), Some(value), "metadata {key} of {stem}");
        }
        let read = registry.service(&service).await.unwrap();
        assert_eq!(read.len(), 2, "{stem} is read as a service and its instance: {read:?}");
        fixture.deregister(&service.name, &sample).await;
    }
}
