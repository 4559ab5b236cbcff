//! One module a bench.

pub(crate) mod consul;
pub(crate) mod fan_out;
pub(crate) mod first_byte;
pub(crate) mod idle_cpu;
pub(crate) mod latency;
pub(crate) mod nacos_push;
pub(crate) mod stream_memory;

use std::time::Duration;

/// No event for so long means that a round is over.
const QUIET: Duration = Duration::from_millis(150);
/// A frame that is not there by then will not come.
const LOST: Duration = Duration::from_secs(20);

/// What a delta of the topic `services` holds when this service changed.
fn needle(id: &str) -> Vec<u8> {
    format!("\"id\":\"{id}\"").into_bytes()
}
