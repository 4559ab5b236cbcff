//! The merged view of all registries: one task writes it, everyone reads it.
//!
//! `apply` takes events in, `commit` turns what they changed into frames, facts and transitions, `read` answers the pages.

mod apply;
mod changes;
mod commit;
mod edited;
mod horizon;
mod read;
mod registry;
mod rows;
mod service;
mod state;
mod task;
#[cfg(test)]
mod tests;

pub(crate) use commit::Interest;
pub(crate) use registry::RegistryState;
pub(crate) use state::{FleetState, Input};
pub(crate) use task::{Shared, run};
