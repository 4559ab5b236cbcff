//! How an instance is doing, derived from what its registry tells.
//!
//! Pure: facts and times in, liveness and transitions out. It must never know where facts come from, a clock, or a page.
//! Staleness of a source is not handled here: it lies over everything a source says, see [`through`].

mod instance;
mod rules;
mod service;

pub use instance::{Departure, InstancePulse, Observation};
pub use rules::{FLAPPING_TRANSITIONS, FLAPPING_WINDOW_MS, LATE_LOOK_MS, LATE_SLACK_MS, RETURNED_MS};
pub use service::{through, worst};
