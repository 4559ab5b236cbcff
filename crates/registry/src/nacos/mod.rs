//! Nacos 1.x, 2.x and 3.x over HTTP, and the embedded registry, which speaks the same.
//!
//! Health is taken from where it is honest, and only from there: the catalog of 1.x and 2.x, the admin or console lists of
//! 3.x, one call a cluster. The consumers' list is never believed: a protection may have rewritten it. An instance whose
//! death is hidden from consumers is [`Health::Overridden`](pilothouse_model::Health::Overridden) with what the registry
//! knows underneath, so a service with every instance dead is shown dead under any protect threshold; its other instances
//! stay [`Health::Reported`](pilothouse_model::Health::Reported). Credentials that reach the consumers' list alone get
//! [`UnknownHealth::ProtectedView`](pilothouse_model::UnknownHealth::ProtectedView).
//!
//! It must never know the hub, nor what anybody does with what it tells.

mod beats;
mod clients;
mod configs;
mod edit;
mod login;
mod names;
mod read;
mod registry;
mod report;
mod session;
mod settings;
mod watch;
mod wire;

pub use registry::NacosRegistry;
pub use settings::{NacosConfig, Plane};
