//! HTTP: routes, guards, errors, the stream. Wiring only: every answer comes from a use case or the hub.

pub(crate) mod api;
mod assets;
mod discovery;
mod error;
mod guard;
mod health;
mod metrics;
mod origin;
pub(crate) mod router;
mod security;
pub(crate) mod serve;
mod state;
mod stream;

pub(crate) use assets::Site;
pub(crate) use error::{ProblemAnswer, problem_of};
pub(crate) use origin::OriginRules;
pub(crate) use state::AppState;
