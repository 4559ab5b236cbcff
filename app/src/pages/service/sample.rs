//! Instances and services for tests.

use std::sync::Arc;

use pilothouse_api::{InstanceRow, ServiceAnswer, ServiceRow};
use pilothouse_model::{
    BeatSource, BeatVia, Capabilities, ConfigCapabilities, Freshness, Health, Heartbeat, Instance, InstanceCapabilities, InstanceKey,
    Liveness, LocalInstanceId, Millis, Namespace, Scope, Service, ServiceKey,
};

pub(crate) fn key() -> ServiceKey {
    let registry = "nacos-prod-east".parse().expect("a slug");
    ServiceKey { scope: Scope { registry, namespace: Namespace::new("prod"), group: "DEFAULT_GROUP".into() }, name: "checkout-api".into() }
}

/// An instance on `host`, port 8080, version 1, weight 1.
pub(crate) fn row(host: &str, liveness: Liveness) -> InstanceRow {
    let address = format!("{host}:8080");
    let key = InstanceKey { service: key(), cluster: "DEFAULT".into(), instance: LocalInstanceId(Arc::from(address)) };
    InstanceRow {
        id: key.id(),
        instance: Instance {
            key,
            host: host.to_owned(),
            port: 8080,
            weight: 1.0,
            enabled: true,
            ephemeral: Some(true),
            health: Health::Reported { healthy: liveness != Liveness::Unhealthy },
            heartbeat: Heartbeat {
                via: BeatVia::Http,
                last: Some(Millis(100_000)),
                interval_ms: Some(5_000),
                unhealthy_after_ms: Some(15_000),
                removed_after_ms: Some(30_000),
            },
            incarnation: None,
            metadata: [("version".to_owned(), "1".to_owned()), ("zone".to_owned(), "east-1a".to_owned())].into(),
        },
        liveness,
        since: Millis(90_000),
        gone: (liveness == Liveness::Removed).then_some(Millis(90_000)),
        history: Vec::new(),
    }
}

/// A live service with these instances.
pub(crate) fn answer(instances: Vec<InstanceRow>) -> ServiceAnswer {
    let key = key();
    let total = u32::try_from(instances.len()).expect("few");
    ServiceAnswer {
        now: Millis(100_400),
        row: ServiceRow {
            id: key.id(),
            registry: key.scope.registry.clone(),
            namespace: key.scope.namespace.clone(),
            group: key.scope.group.clone(),
            name: key.name.clone(),
            liveness: instances.iter().map(|row| row.liveness).max().unwrap_or(Liveness::Up),
            since: Millis(90_000),
            healthy: Some(total),
            total,
            versions: Vec::new(),
            zones: Vec::new(),
            via: Some(BeatVia::Http),
            interval_ms: Some(5_000),
            history: Vec::new(),
        },
        service: Some(Service { key, ephemeral: Some(true), protect_threshold: Some(0.5), protection: None, metadata: [].into() }),
        freshness: Freshness::Live { proof: Millis(100_000) },
        capabilities: Capabilities {
            instances: InstanceCapabilities { weight: true, enabled: true, metadata: true, deregister: true },
            configs: ConfigCapabilities::default(),
            beats: BeatSource::PerService,
            unhealthy_phase: true,
        },
        instances,
        elsewhere: Vec::new(),
    }
}
