//! What happens to the fleet.

mod action;
mod director;
mod timeline;

pub(crate) use action::{Action, Unknown};
pub(crate) use director::{Director, Order};
pub(crate) use timeline::{Cue, Timeline};
