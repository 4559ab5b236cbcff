//! The console itself: its parts, wired once.

use std::sync::Arc;

use crate::ports::{AuditLog, Clock, Fleet, Ids, Ledger, Operators};

/// What the console is built from.
#[derive(Clone)]
pub struct Parts {
    /// What is known now.
    pub fleet: Arc<dyn Fleet>,
    /// The registries, for writing.
    pub operators: Arc<dyn Operators>,
    /// The past.
    pub ledger: Arc<dyn Ledger>,
    /// Who did what.
    pub audit: Arc<dyn AuditLog>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Fresh identifiers.
    pub ids: Arc<dyn Ids>,
}

/// Every use case hangs on this. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    pub(crate) parts: Parts,
}

impl Console {
    /// A console over these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// The wall clock's time.
    #[must_use]
    pub fn now(&self) -> pilothouse_model::Millis {
        self.parts.clock.now()
    }
}
