//! The handlers of `/api/v1`, one file a resource.

pub(crate) mod instances;
pub(crate) mod ledger;
pub(crate) mod overview;
pub(crate) mod registries;
pub(crate) mod services;
pub(crate) mod session;
