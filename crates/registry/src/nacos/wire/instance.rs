//! An instance as Nacos lists it, and the same as a noun of ours.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pilothouse_model::{BeatVia, Health, Heartbeat, Instance, InstanceKey, LocalInstanceId, Millis, ServiceKey, UnknownHealth};
use serde::Deserialize;

use super::lenient;

/// Nacos' defaults in milliseconds: beat, unhealthy, removed.
const DEFAULTS: [i64; 3] = [5_000, 15_000, 30_000];

/// One row of any instance list. `healthy` is called `valid` in the list of services with instances of 1.x and 2.x.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct InstanceRecord {
    pub(in super::super) ip: String,
    pub(in super::super) port: u16,
    #[serde(default, deserialize_with = "lenient::weight")]
    pub(in super::super) weight: f64,
    #[serde(default)]
    healthy: Option<bool>,
    #[serde(default)]
    valid: Option<bool>,
    #[serde(default = "yes")]
    pub(in super::super) enabled: bool,
    #[serde(default)]
    pub(in super::super) ephemeral: Option<bool>,
    #[serde(default, deserialize_with = "lenient::metadata")]
    pub(in super::super) metadata: BTreeMap<String, String>,
    #[serde(default)]
    instance_heart_beat_interval: Option<i64>,
    #[serde(default, rename = "instanceHeartBeatTimeOut")]
    instance_heart_beat_timeout: Option<i64>,
    #[serde(default)]
    ip_delete_timeout: Option<i64>,
    #[serde(default)]
    cluster_name: Option<String>,
    /// Milliseconds; only the embedded registry tells it.
    #[serde(default)]
    pub(in super::super) last_beat: Option<i64>,
}

/// `/v1/ns/catalog/instances`.
#[derive(Debug, Deserialize)]
pub(in super::super) struct InstancePage {
    pub(in super::super) list: Vec<InstanceRecord>,
    #[serde(default)]
    pub(in super::super) count: usize,
}

/// `/v1/ns/instance/list`: the consumers' view, whose health may be rewritten.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ClientInstances {
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub(in super::super) hosts: Vec<InstanceRecord>,
    #[serde(default)]
    pub(in super::super) reach_protection_threshold: bool,
}

/// `/v2/ns/client` and `/v3/admin/ns/client`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ClientDetail {
    #[serde(default)]
    pub(in super::super) last_updated_time: Option<i64>,
}

/// Whether the list an instance was read from tells health as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Trust {
    /// The catalog and the v3 admin and console lists.
    Honest,
    /// The consumers' list, which a protection may have rewritten.
    Rewritten,
}

impl InstanceRecord {
    /// What the list says of health.
    pub(in super::super) fn says_healthy(&self) -> bool {
        self.healthy.or(self.valid).unwrap_or(false)
    }

    /// Its cluster, where the row names one.
    pub(in super::super) fn cluster(&self) -> Option<&str> {
        self.cluster_name.as_deref().filter(|name| !name.is_empty())
    }

    /// `ip:port`: the only name every list gives it (an `instanceId` comes and goes).
    pub(in super::super) fn local_id(&self) -> LocalInstanceId {
        LocalInstanceId(format!("{}:{}", self.ip, self.port).into())
    }

    /// The noun. `via` is how an ephemeral instance proves alive, as far as that is known.
    pub(in super::super) fn into_instance(self, service: &ServiceKey, cluster: &str, via: BeatVia, trust: Trust) -> Instance {
        let health = match trust {
            Trust::Honest => Health::Reported { healthy: self.says_healthy() },
            Trust::Rewritten => Health::Unknown { why: UnknownHealth::ProtectedView },
        };
        let heartbeat = self.heartbeat(via);
        Instance {
            key: InstanceKey { service: service.clone(), cluster: cluster.into(), instance: self.local_id() },
            host: self.ip.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: self.port,
            weight: self.weight,
            enabled: self.enabled,
            ephemeral: self.ephemeral,
            health,
            heartbeat,
            incarnation: None,
            metadata: self.metadata,
        }
    }

    /// A connection has no rules to count down, and a persistent instance is asked by the server.
    fn heartbeat(&self, via: BeatVia) -> Heartbeat {
        match (self.ephemeral, via) {
            (Some(false), _) => Heartbeat::untold(BeatVia::Check),
            (_, BeatVia::Http) => {
                let rules = heartbeat(&self.metadata);
                Heartbeat {
                    last: self.last_beat.filter(|at| *at > 0).map(Millis),
                    interval_ms: self.instance_heart_beat_interval.or(rules.interval_ms),
                    unhealthy_after_ms: self.instance_heart_beat_timeout.or(rules.unhealthy_after_ms),
                    removed_after_ms: self.ip_delete_timeout.or(rules.removed_after_ms),
                    ..rules
                }
            }
            (_, via) => Heartbeat::untold(via),
        }
    }
}

/// The rules of an instance that sends beats, its own overrides in metadata included.
pub(in super::super) fn heartbeat(metadata: &BTreeMap<String, String>) -> Heartbeat {
    let period = |key: &str, default| Some(metadata.get(key).and_then(|text| text.parse().ok()).unwrap_or(default));
    Heartbeat {
        via: BeatVia::Http,
        last: None,
        interval_ms: period("preserved.heart.beat.interval", DEFAULTS[0]),
        unhealthy_after_ms: period("preserved.heart.beat.timeout", DEFAULTS[1]),
        removed_after_ms: period("preserved.ip.delete.timeout", DEFAULTS[2]),
    }
}

/// Puts instances into one order and keeps one of each name: two clients may have registered the same address, and the
/// list names them in changing order. The one in the better state stands for both, as consumers would use it.
pub(in super::super) fn one_of_each(instances: &mut Vec<Instance>) {
    instances.sort_by(|a, b| {
        let rank = |i: &Instance| (Reverse(i.health.healthy()), Reverse(i.enabled));
        (&a.key.cluster, &a.key.instance)
            .cmp(&(&b.key.cluster, &b.key.instance))
            .then_with(|| rank(a).cmp(&rank(b)))
            .then_with(|| b.weight.total_cmp(&a.weight))
    });
    instances.dedup_by(|later, first| later.key.cluster == first.key.cluster && later.key.instance == first.key.instance);
}

fn yes() -> bool {
    true
}
