//! The wall clock and fresh identifiers.

use std::time::{SystemTime, UNIX_EPOCH};

use pilothouse_console::ports::{Clock, Ids};
use pilothouse_model::Millis;

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        Millis(since.unwrap_or_else(|before| -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX)))
    }
}

/// Twelve hex digits of time, twenty of randomness.
pub(crate) struct RandomIds;

impl Ids for RandomIds {
    fn next(&self) -> String {
        let random: u128 = rand::random();
        format!("{:012x}{:020x}", SystemClock.now().0.max(0), random >> 48)
    }
}

/// A random epoch for the journal.
pub(crate) fn epoch() -> String {
    format!("{:016x}", rand::random::<u64>())
}
