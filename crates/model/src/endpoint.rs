//! One server address of a registry.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// An endpoint as the Registries page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EndpointStatus {
    /// Base URL without credentials.
    pub url: String,
    /// Its circuit breaker.
    pub breaker: Breaker,
    /// Median answer time in milliseconds over the last requests; `None` before the first answer.
    pub p50_ms: Option<f64>,
    /// 95th percentile of the same.
    pub p95_ms: Option<f64>,
    /// The last failure, in words, and when; kept after a recovery.
    pub last_error: Option<(Millis, String)>,
}

/// A circuit breaker: it opens after several failures in a row, and lets one try through after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Breaker {
    /// Requests go through.
    Closed,
    /// Requests are not sent before `until`.
    #[serde(rename_all = "camelCase")]
    Open {
        /// When the next try is let through.
        until: Millis,
    },
    /// One try is out.
    HalfOpen,
}
