//! What a registry tells of an instance's proof of life, and its own deadlines.

use serde::{Deserialize, Serialize};

use crate::{LocalInstanceId, Millis};

/// The heartbeat rules of an instance. A field is `None` where the registry does not tell it, and is then not guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// How the instance proves alive.
    pub via: BeatVia,
    /// The registry's time of the last beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Millis>,
    /// Expected milliseconds between two beats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_ms: Option<i64>,
    /// Milliseconds of silence after which the registry calls it unhealthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unhealthy_after_ms: Option<i64>,
    /// Milliseconds of silence after which the registry removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_after_ms: Option<i64>,
}

impl Heartbeat {
    /// A heartbeat of which nothing but its way is told.
    #[must_use]
    pub fn untold(via: BeatVia) -> Self {
        Self { via, last: None, interval_ms: None, unhealthy_after_ms: None, removed_after_ms: None }
    }
}

/// How an instance proves to its registry that it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum BeatVia {
    /// It sends beats over HTTP.
    Http,
    /// It holds a gRPC connection.
    Grpc,
    /// It sends beats or holds a connection; the registry does not say which.
    Client,
    /// It holds a session or lease.
    Session,
    /// It reports to a time-to-live check.
    Ttl,
    /// The registry asks it (TCP, HTTP, gRPC or script check).
    Check,
    /// Nothing watches it.
    Nothing,
}

/// One answer to "when did this instance last beat?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeatReading {
    /// Which cluster of the service.
    pub cluster: String,
    /// Which instance of it.
    pub instance: LocalInstanceId,
    /// The registry's time of its last beat.
    pub last: Millis,
}
