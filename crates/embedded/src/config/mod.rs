//! The configuration state machine: items, gray (beta) contents, history and search.
//!
//! Pure: no I/O, no clock, no HTTP. A change is decided into a [`ConfigRecord`], made durable by the caller, and
//! only then applied; applying the records of a journal in order rebuilds the state exactly.

mod apply;
mod decide;
mod error;
mod history;
mod item;
mod listening;
mod search;
mod state;

pub(crate) use decide::Publish;
pub(crate) use error::ConfigError;
pub(crate) use history::{HistoryRow, Operation};
pub(crate) use item::{Beta, ConfigItem, ConfigKey, md5_hex};
pub(crate) use listening::{ListenError, Listened, parse_listening};
pub(crate) use search::{Search, SearchPage};
pub(crate) use state::{ConfigRecord, Configs, Served};

/// The largest content, in bytes (10 MiB).
pub(crate) const MAX_CONTENT: usize = 10 * 1024 * 1024;
/// The most configs one long poll may ask about.
pub(crate) const MAX_LISTENED: usize = 10_000;
