//! A simulated fleet: services that register, beat, are deployed, fail and come back, as real ones would.
//!
//! It speaks to registries through their public HTTP interface alone, and knows nothing of who watches them.
//!
//! - `fleet` is what there is: drawn from a seed, and what state each part is in. Pure.
//! - `act` is what happens to it: single acts, the timeline that plays them, the director that carries them out.
//! - `registry` is the wire: one client per registry, beats spread over time on a few connections.
//! - `control` lets a test play an act by itself.

mod act;
mod control;
mod error;
mod fleet;
mod registry;
mod run;
mod settings;

pub use error::DemoError;
pub use run::run;
pub use settings::{DemoSettings, FleetSize};
