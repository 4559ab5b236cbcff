//! The pages: each loads its data once, hands it to the store, and draws the store from then on.

mod ledger;
mod missing;
mod overview;
mod registries;
mod service;
mod services;

pub(crate) use ledger::Ledger;
pub(crate) use missing::Missing;
pub(crate) use overview::Overview;
pub(crate) use registries::Registries;
#[cfg(test)]
pub(crate) use service::sample;
pub(crate) use service::{Service, in_rotation};
pub(crate) use services::Services;
