//! What Pilothouse asks of any registry, and the adapters that answer.
//!
//! One object-safe trait, [`Registry`]; one module an adapter; [`transport`] for endpoints, failover, breakers and TLS.
//! An adapter never retries, backs off or logs: whoever drives it does. It must never know the fleet, the ledger, an
//! actor or a page.

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod consul;
pub mod nacos;
pub mod transport;

mod error;
mod registry;
mod secret;
mod watch;

pub use error::RegistryError;
pub use registry::{ConfigPage, Registry};
pub use secret::Secret;
pub use watch::{Entry, EntryKey, WatchEvent};
