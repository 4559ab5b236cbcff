//! What the fleet is made of, and what state each part is in. Pure: drawn from a seed, changed by steps, no I/O.

mod blueprint;
mod catalogue;
mod state;

pub(crate) use blueprint::Blueprint;
pub(crate) use state::{Fleet, Job, Registration, Step};
