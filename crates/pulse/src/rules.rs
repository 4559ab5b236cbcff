//! The numbers behind the words, as the look defines them, and what a registry's description alone says.

use pilothouse_model::{BeatVia, Health, Instance, Liveness, Millis};

/// This many transitions within [`FLAPPING_WINDOW_MS`] are flapping.
pub const FLAPPING_TRANSITIONS: usize = 4;
/// Ten minutes.
pub const FLAPPING_WINDOW_MS: i64 = 10 * 60 * 1000;
/// How long an instance that came back is called returned: five minutes.
pub const RETURNED_MS: i64 = 5 * 60 * 1000;
/// A beat this much behind its interval is late: what a network and two schedulers may cost.
pub const LATE_SLACK_MS: i64 = 1_000;
/// A beat is called late only as long as beats are read: this long after the last reading the word is taken back.
pub const LATE_LOOK_MS: i64 = 10_000;

/// Liveness by the registry's description alone. `read_at` is when the last beat was read, by the registry's clock as far
/// as we know it: a beat can only be called late by someone who looked after it was due.
pub(crate) fn described(instance: &Instance, read_at: Option<Millis>) -> Liveness {
    if !instance.enabled || instance.weight <= 0.0 {
        return Liveness::Drained;
    }
    match instance.health {
        Health::Reported { healthy: false } | Health::Derived { healthy: false } | Health::Overridden { healthy: Some(false), .. } => {
            Liveness::Unhealthy
        }
        Health::Overridden { healthy: None, .. } => Liveness::Protected,
        Health::Unknown { .. } => Liveness::Unknown,
        Health::Reported { healthy: true } | Health::Derived { healthy: true } | Health::Overridden { healthy: Some(true), .. } => {
            if overdue(instance, read_at) {
                Liveness::Late
            } else {
                Liveness::Up
            }
        }
    }
}

fn overdue(instance: &Instance, read_at: Option<Millis>) -> bool {
    match (read_at, instance.heartbeat.last, instance.heartbeat.interval_ms) {
        (Some(read_at), Some(last), Some(interval)) => read_at.since(last) > interval + LATE_SLACK_MS,
        _ => false,
    }
}

/// Whether a healthy instance of this kind can only be gone because someone took it out: it would have been seen unhealthy first.
pub(crate) fn leaves_only_on_purpose(instance: &Instance) -> bool {
    instance.heartbeat.unhealthy_after_ms.is_some() || matches!(instance.heartbeat.via, BeatVia::Check | BeatVia::Ttl)
}
