//! Whether Nacos rewrites health for consumers now.
//!
//! It does when healthy/total of the enabled instances is at or under the threshold, and only once something was ever
//! written on the service itself. The catalog does not tell the latter: a threshold above zero proves it, and with a
//! threshold of zero only the consumers' list shows it.

use pilothouse_model::{Health, Instance, Protection};

/// What follows from a threshold and honest instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rewriting {
    /// Consumers see what is.
    No,
    /// Consumers see every instance healthy.
    Yes,
    /// Only if something was ever written on the service: ask.
    PerhapsAsk,
}

impl Rewriting {
    pub(super) fn of(threshold: f64, instances: &[Instance]) -> Self {
        let enabled = instances.iter().filter(|instance| instance.enabled);
        let (total, healthy) =
            enabled.fold((0u32, 0u32), |(total, healthy), i| (total + 1, healthy + u32::from(i.health.healthy() == Some(true))));
        let reached = total > 0 && f64::from(healthy) / f64::from(total) <= threshold.max(0.0);
        match reached {
            false => Self::No,
            // Nothing is left to rewrite.
            true if healthy == total => Self::No,
            true if threshold > 0.0 => Self::Yes,
            true => Self::PerhapsAsk,
        }
    }
}

/// Marks the instances whose health is rewritten. What is known underneath stays readable.
pub(super) fn mark(instances: &mut [Instance]) {
    for instance in instances.iter_mut().filter(|instance| instance.enabled) {
        if instance.health == (Health::Reported { healthy: false }) {
            instance.health = Health::Overridden { by: Protection::ProtectThreshold, healthy: Some(false) };
        }
    }
}
