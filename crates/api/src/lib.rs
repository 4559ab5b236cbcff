//! The shapes of `/api/v1`: requests, answers, stream frames, problems, and the filters that run on both sides.
//!
//! JSON in camelCase, times in UTC milliseconds. Compiled into the server and into the browser. It must never know HTTP,
//! a registry's wire format, or how anything is computed.

mod body;
mod edit;
mod filter;
mod horizon;
mod ledger;
mod overview;
mod problem;
mod registries;
mod services;
mod session;
mod stream;

pub use edit::{DeregisterRequest, EditAnswer, EditRequest};
pub use filter::{FilterError, ServiceFilter, ServiceSort};
pub use horizon::{Horizon, HorizonBucket, HorizonMark, MarkKind};
pub use ledger::{DensityBucket, Gap, LedgerAnswer, LedgerQuery, LedgerRow, LedgerShow};
pub use overview::{ChangeRow, OverviewAnswer, Totals};
pub use problem::{Problem, ProblemCode};
pub use registries::{FreshnessPoint, RegistriesAnswer, RegistryRow};
pub use services::{HistoryStep, InstanceRow, ServiceAnswer, ServiceRow, ServicesAnswer, SharePart, Step};
pub use session::Session;
pub use stream::{Body, Bye, Frame, Hello, StreamEvent, Topic, TopicsRequest, UnknownTopic};

/// Above this many services the browser no longer holds them all: filtering and sorting happen in the server.
pub const MAX_SERVICES_IN_BROWSER: usize = 20_000;

/// Rows in the first page rendered by the server.
pub const FIRST_ROWS: usize = 60;

/// How long histories in rows reach back, in milliseconds: the hour of the horizon.
pub const HISTORY_MS: i64 = 60 * 60 * 1000;

/// How long an instance that is gone is kept as a ghost row, in milliseconds.
pub const GHOST_MS: i64 = 30 * 60 * 1000;
