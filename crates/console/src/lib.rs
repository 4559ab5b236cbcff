//! What a person can do at the wheel: the use cases, each with an actor, rights and an audit row.
//!
//! The port traits it needs from the outside stand in [`ports`]; hub and store implement them. It must never know HTTP,
//! SQL, a registry's wire format or a page.

pub mod ports;

mod console;
mod edit_instance;
mod error;
mod read_fleet;
mod read_ledger;
mod rights;

pub use console::{Console, Parts};
pub use error::UseCaseError;
pub use rights::Rights;
