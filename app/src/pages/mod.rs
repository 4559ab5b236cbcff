//! The pages: each loads its data once, hands it to the store, and draws the store from then on.

mod lazy;
mod ledger;
mod missing;
mod overview;
mod registries;
mod service;
mod services;

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) use lazy::Page;
#[cfg(feature = "hydrate")]
pub(crate) use lazy::load;
pub(crate) use lazy::{Ledger, Overview, Registries, Service, Services};
pub(crate) use missing::Missing;
pub(crate) use service::in_rotation;
#[cfg(test)]
pub(crate) use service::sample;
