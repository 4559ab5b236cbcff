//! Reading and writing instances.

use std::collections::BTreeMap;
use std::sync::Arc;

use pilothouse_model::{BeatSource, Instance, InstanceEdit, InstanceKey, LocalInstanceId, ServiceKey};
use tokio::time::{Instant, sleep};

use super::watcher::Watcher;
use super::{Fixture, Sample};
use crate::{Entry, Registry, RegistryError};

pub(super) async fn reads_agree_with_the_watch(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (service, sample) = (fixture.service("read"), Sample::nth(5));
    fixture.register(&service.name, &sample).await;
    let mut watcher = Watcher::new(registry);
    watcher.until("it is shown", fixture.patience(), |view| view.instances(&service).len() == 1).await;
    let shown = watcher.instances(&service).remove(0);
    let read = instances(registry, &service).await.remove(0);
    assert_eq!(shown.key, read.key, "one instance, one name");
    assert_eq!((&shown.host, shown.port, shown.weight, shown.enabled), (&read.host, read.port, read.weight, read.enabled));
    assert_eq!((shown.health, &shown.metadata, &shown.incarnation), (read.health, &read.metadata, &read.incarnation));

    match registry.capabilities().beats {
        BeatSource::Never => unsupported("beats", &registry.beats(&service).await),
        BeatSource::PerService | BeatSource::PerInstance => {
            for reading in registry.beats(&service).await.unwrap() {
                assert_eq!(
                    (&*reading.cluster, &reading.instance),
                    (&*read.key.cluster, &read.key.instance),
                    "a beat of an unknown instance"
                );
            }
        }
    }
    let nobody = fixture.service("nobody");
    assert_eq!(registry.service(&nobody).await.unwrap(), [], "a service that is not there is an empty list");
    assert_eq!(registry.capabilities(), registry.capabilities());
    fixture.deregister(&service.name, &sample).await;
}

pub(super) async fn writes_are_done_or_unsupported(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (service, sample) = (fixture.service("write"), Sample::nth(6));
    fixture.register(&service.name, &sample).await;
    settles(registry, fixture, &service, "it is registered", |instances| instances.len() == 1).await;
    let before = instances(registry, &service).await.remove(0);
    let key = &before.key;
    let claimed = registry.capabilities().instances;

    let edit = InstanceEdit { weight: Some(7.0), ..InstanceEdit::default() };
    if done(claimed.weight, "a weight", registry.edit_instance(key, &edit).await) {
        let kept = |i: &Instance| i.weight == 7.0 && i.metadata == before.metadata && i.enabled;
        settles(registry, fixture, &service, "the weight is 7 and nothing else changed", |all| all.iter().all(kept)).await;
    }
    let weight = if claimed.weight { 7.0 } else { before.weight };
    for enabled in [false, true] {
        let edit = InstanceEdit { enabled: Some(enabled), ..InstanceEdit::default() };
        if done(claimed.enabled, "enabled", registry.edit_instance(key, &edit).await) {
            let kept = |i: &Instance| i.enabled == enabled && i.weight == weight && i.metadata == before.metadata;
            settles(registry, fixture, &service, "enabled changed and nothing else", |all| all.len() == 1 && all.iter().all(kept)).await;
        }
    }
    let metadata = BTreeMap::from([("version".to_owned(), "9".to_owned()), ("zone".to_owned(), "订 a=b,c".to_owned())]);
    let edit = InstanceEdit { metadata: Some(metadata.clone()), ..InstanceEdit::default() };
    if done(claimed.metadata, "metadata", registry.edit_instance(key, &edit).await) {
        let kept = |i: &Instance| metadata.iter().all(|(key, value)| i.metadata.get(key) == Some(value)) && i.weight == weight && i.enabled;
        settles(registry, fixture, &service, "the metadata is new and nothing else changed", |all| all.iter().all(kept)).await;
    }

    let stranger = InstanceKey { instance: LocalInstanceId("10.99.99.99:1".into()), ..key.clone() };
    if claimed.enabled {
        let edit = InstanceEdit { enabled: Some(false), ..InstanceEdit::default() };
        let error = registry.edit_instance(&stranger, &edit).await.expect_err("an instance that is not there cannot be edited");
        assert!(matches!(error, RegistryError::NotFound(_)), "{error}");
    }
    fixture.fall_silent(&service.name, &sample).await;
    if done(claimed.deregister, "deregistering", registry.deregister(key).await) {
        settles(registry, fixture, &service, "it is deregistered", <[Instance]>::is_empty).await;
        let error = registry.deregister(key).await.expect_err("an instance that is gone cannot be deregistered");
        assert!(matches!(error, RegistryError::NotFound(_)), "{error}");
    } else {
        fixture.deregister(&service.name, &sample).await;
    }
}

/// The instances of a service as [`Registry::service`] reads them.
async fn instances(registry: &Arc<dyn Registry>, service: &ServiceKey) -> Vec<Instance> {
    let entries = registry.service(service).await.unwrap();
    let instance = |entry| match entry {
        Entry::Instance(instance) => Some(instance),
        Entry::Service(_) => None,
    };
    entries.into_iter().filter_map(instance).collect()
}

/// Some registries apply an operator's edit after they answered: reads again until it shows.
async fn settles(
    registry: &Arc<dyn Registry>,
    fixture: &dyn Fixture,
    service: &ServiceKey,
    what: &str,
    condition: impl Fn(&[Instance]) -> bool,
) {
    let deadline = Instant::now() + fixture.patience();
    loop {
        let read = instances(registry, service).await;
        if condition(&read) {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: {read:?}");
        sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Whether a claimed operation was done; one that is not claimed must be refused as unsupported.
pub(super) fn done<T>(claimed: bool, what: &str, outcome: Result<T, RegistryError>) -> bool {
    if claimed {
        if let Err(error) = outcome {
            panic!("{what} is claimed, and failed: {error}");
        }
    } else {
        unsupported(what, &outcome);
    }
    claimed
}

pub(super) fn unsupported<T>(what: &str, outcome: &Result<T, RegistryError>) {
    assert!(matches!(outcome, Err(RegistryError::Unsupported(_))), "{what} is not claimed, and was not refused as unsupported");
}
