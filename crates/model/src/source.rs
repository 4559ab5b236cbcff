//! What a registry's adapter reports about itself: how it watches, over which endpoints, with which rights.

use serde::{Deserialize, Serialize};

use crate::{EndpointStatus, Millis};

/// The state of one source, as the Registries page shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourceReport {
    /// Product and version as the server told it ("Nacos 2.5.1"); `None` before the first answer.
    pub version: Option<String>,
    /// Its endpoints, in configured order.
    pub endpoints: Vec<EndpointStatus>,
    /// The ways of watching this adapter has, the fastest first; exactly one is in force once connected.
    pub ways: Vec<WatchWay>,
    /// Requests sent in the last 60 s, waiting ones included.
    pub requests_per_minute: u32,
    /// TCP connections held now, where the adapter bounds them.
    pub connections: Option<u32>,
    /// What the login is worth.
    pub login: Login,
    /// What the registry's answers say of themselves, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<AnswerStanding>,
    /// States that are no errors of a request but limit the view: shown, never hidden behind an empty list.
    pub problems: Vec<SourceProblem>,
}

/// How much the answering server knew of its cluster, in its own words. A server may say that it knows no leader and still answer from
/// one that is well (Consul's streaming backend does): nothing is derived from this, it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AnswerStanding {
    /// The consistency of the last list read (`default`, `consistent`, `stale`).
    pub consistency: Option<String>,
    /// Whether the answering server knew a leader.
    pub known_leader: Option<bool>,
    /// How long before that the answering server had heard of the leader, in milliseconds; 0 from the leader itself.
    pub last_contact_ms: Option<u64>,
}

/// One way of learning about changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WatchWay {
    /// Which way.
    pub kind: WatchWayKind,
    /// What it does, in the registry's own words ("blocking query", "UDP push").
    pub detail: String,
    /// Whether it is at work now.
    pub in_force: bool,
    /// The longest it takes to notice a change, in milliseconds, as the adapter states it.
    pub within_ms: i64,
}

/// The kinds of watching, the fastest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum WatchWayKind {
    /// The registry tells.
    Push,
    /// Counts of a paged list are compared, what differs is read again.
    CountDifference,
    /// Everything is read again, paced.
    Sweep,
}

/// What is known of the credentials in use. Never the credentials themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Login {
    /// No credentials are configured.
    #[default]
    None,
    /// Credentials are configured and not refused so far.
    #[serde(rename_all = "camelCase")]
    Accepted {
        /// User name, or "token".
        as_user: String,
        /// When the token runs out, where it does.
        expires: Option<Millis>,
    },
    /// The registry refused them; its words.
    Refused {
        /// The registry's answer, without secrets.
        why: String,
    },
}

/// A limit of the view that is no failed request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "problem", rename_all = "camelCase")]
pub enum SourceProblem {
    /// The registry answered 403 to this read.
    Forbidden {
        /// What we asked for ("services of namespace prod").
        what: String,
    },
    /// A list is empty although the registry may be hiding entries from these credentials.
    FilteredEmpty {
        /// Which list.
        what: String,
    },
    /// Only a view with rewritten health may be read: health is unknown.
    ProtectedView {
        /// Which right is missing.
        what: String,
    },
}
