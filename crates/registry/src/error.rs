//! Why a registry did not do what it was asked. No variant ever carries a secret.

use pilothouse_model::Revision;

/// What failed. `endpoint` is a base URL without credentials, `what` the thing asked for in words.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Every endpoint's breaker is open.
    #[error("no endpoint is available: {0}")]
    NoEndpoint(String),
    /// No connection: refused, unresolved, reset before an answer.
    #[error("{endpoint} cannot be reached: {why}")]
    Unreachable {
        /// Which endpoint.
        endpoint: String,
        /// The cause, in words.
        why: String,
    },
    /// The TLS handshake failed.
    #[error("{endpoint} is not trusted: {why}")]
    Tls {
        /// Which endpoint.
        endpoint: String,
        /// The cause, in words.
        why: String,
    },
    /// No answer in time. A write may or may not have happened.
    #[error("{endpoint} did not answer {what} within {after_ms} ms")]
    Timeout {
        /// Which endpoint.
        endpoint: String,
        /// What was asked.
        what: String,
        /// The limit.
        after_ms: u64,
    },
    /// The connection broke inside an answer. A write may or may not have happened.
    #[error("{endpoint} broke off while answering {what}: {why}")]
    Broken {
        /// Which endpoint.
        endpoint: String,
        /// What was asked.
        what: String,
        /// The cause, in words.
        why: String,
    },
    /// The credentials were refused (401, or a login that failed).
    #[error("{endpoint} refuses the credentials: {why}")]
    Unauthorized {
        /// Which endpoint.
        endpoint: String,
        /// The registry's words.
        why: String,
    },
    /// The credentials do not reach this (403).
    #[error("the credentials may not read or write {what}")]
    Forbidden {
        /// What was asked.
        what: String,
    },
    /// The registry said no in its own words (4xx and 5xx).
    #[error("{endpoint} answered {status} to {what}: {body}")]
    Rejected {
        /// Which endpoint.
        endpoint: String,
        /// What was asked.
        what: String,
        /// HTTP status.
        status: u16,
        /// The first 300 characters of its answer.
        body: String,
    },
    /// The answer is not what this registry answers: HTML, another product, invalid JSON.
    #[error("{endpoint} does not answer like {expected}: {why}")]
    NotThisRegistry {
        /// Which endpoint.
        endpoint: String,
        /// What was expected ("Nacos").
        expected: &'static str,
        /// What came instead, in words.
        why: String,
    },
    /// The answer is larger than we read.
    #[error("{endpoint} answered {what} with more than {limit} bytes")]
    TooLarge {
        /// Which endpoint.
        endpoint: String,
        /// What was asked.
        what: String,
        /// The bound.
        limit: usize,
    },
    /// Compare-and-set failed.
    #[error("the config was changed in the meantime")]
    Conflict {
        /// What is there now; `None` when it is gone.
        current: Option<Revision>,
    },
    /// The subject of a write does not exist.
    #[error("{0} does not exist")]
    NotFound(String),
    /// This registry cannot do that; the capability says so.
    #[error("{0} is not supported by this registry")]
    Unsupported(&'static str),
    /// The request itself is wrong, found before it was sent.
    #[error("{field}: {why}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is allowed.
        why: String,
    },
}

impl RegistryError {
    /// Whether the same request may succeed later without anyone changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoEndpoint(_) | Self::Unreachable { .. } | Self::Timeout { .. } | Self::Broken { .. } => true,
            Self::Rejected { status, .. } => *status >= 500 || *status == 429,
            _ => false,
        }
    }

    /// Whether a write that failed with this may have happened all the same.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Timeout { .. } | Self::Broken { .. })
    }
}
