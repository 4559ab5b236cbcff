//! Who is at the wheel.

use pilothouse_model::{Actor, Millis};
use serde::{Deserialize, Serialize};

/// Answer of `GET /api/v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The server's clock.
    pub now: Millis,
    /// Who.
    pub actor: Actor,
    /// Whether there is no login: one person, loopback only.
    pub local_mode: bool,
    /// Build of the server; another one than the page's means "reload".
    pub build: String,
}
