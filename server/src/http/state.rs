//! What every handler is given.

use std::sync::Arc;

use pilothouse_console::Console;
use pilothouse_hub::Hub;

use super::metrics::Metrics;
use super::{OriginRules, Site};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) console: Console,
    pub(crate) hub: Hub,
    pub(crate) site: Arc<Site>,
    pub(crate) origin: Arc<OriginRules>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) build: Arc<str>,
    /// Without trailing slash; empty at the root.
    pub(crate) base: Arc<str>,
}
