//! What the adapter says of itself.

use pilothouse_model::{SourceProblem, WatchWay, WatchWayKind};

use super::NacosConfig;
use super::watch::{SWEEP, proof_interval, pushing_interval};
use pilothouse_model::RegistryKind;

/// How long Nacos collects changes before it pushes, and one reading after that.
const NACOS_PUSH_MS: i64 = 1_000;
/// The embedded registry pushes at once.
const EMBEDDED_PUSH_MS: i64 = 250;
/// What a poll itself may take.
const POLL_MS: i64 = 1_000;

/// The changing part of the report.
#[derive(Debug, Default)]
pub(super) struct Condition {
    pub(super) problems: Vec<SourceProblem>,
    /// Whether pushes arrive; `None` before a whole list was read.
    pub(super) pushing: Option<bool>,
    pub(super) namespaces: u32,
    /// Why the push socket could not be opened.
    pub(super) no_socket: Option<String>,
}

/// The ways of watching, the fastest first.
pub(super) fn ways(config: &NacosConfig, condition: &Condition) -> Vec<WatchWay> {
    let pushing = condition.pushing;
    let mut ways = Vec::new();
    if let Some(address) = config.push_address {
        let (detail, within_ms) = match (&condition.no_socket, config.kind) {
            (Some(why), _) => (format!("UDP push to {}: the port cannot be opened: {why}", address.ip()), NACOS_PUSH_MS),
            (None, RegistryKind::Embedded) => (format!("UDP push to {}, then the catalog", address.ip()), EMBEDDED_PUSH_MS),
            (None, _) => {
                (format!("UDP push to {}, then the catalog; Nacos collects changes for half a second", address.ip()), NACOS_PUSH_MS)
            }
        };
        ways.push(WatchWay { kind: WatchWayKind::Push, detail, in_force: pushing == Some(true), within_ms });
    }
    let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let proof = proof_interval(config.freshness_bound);
    ways.push(WatchWay {
        kind: WatchWayKind::CountDifference,
        detail: "counts of the service list, which are the proof of life too".into(),
        in_force: pushing == Some(false),
        within_ms: millis(proof) + POLL_MS,
    });
    let sweep = if pushing == Some(true) { pushing_interval(condition.namespaces) } else { SWEEP };
    ways.push(WatchWay {
        kind: WatchWayKind::Sweep,
        detail: "the service list with instances: weight and metadata edits, and lost pushes; a threshold alone shows when its service is read next".into(),
        in_force: false,
        within_ms: millis(sweep) + POLL_MS,
    });
    ways
}
