//! The one live stream: topics and frames.
//!
//! On the wire an event's name is `hello`, `snapshot`, `delta`, `reset` or `bye`; its `id` is `epoch.seq`, its data JSON.
//! A stream opens with `hello`. Without a cursor, or with one that fell off, each topic then begins with a `snapshot`
//! (after `reset`, when a cursor was given); with a cursor still held, the deltas after it follow at once.

use std::fmt::{self, Display};
use std::str::FromStr;

use pilothouse_model::{Millis, ServiceId};
use serde::{Deserialize, Serialize};

use crate::{Horizon, LedgerRow, RegistryRow, ServiceAnswer, ServiceRow, Totals};

/// What a stream can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Counts over everything. Text: `totals`.
    Totals,
    /// Every registry. Text: `registries`.
    Registries,
    /// Every service summary. Text: `services`.
    Services,
    /// One service with its instances. Text: `service:{id}`.
    Service(ServiceId),
    /// New transitions. Text: `ledger`. Its snapshot is empty: the past is read by the API.
    Ledger,
    /// The last hour. Text: `horizon`.
    Horizon,
}

impl Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Totals => f.write_str("totals"),
            Self::Registries => f.write_str("registries"),
            Self::Services => f.write_str("services"),
            Self::Service(id) => write!(f, "service:{id}"),
            Self::Ledger => f.write_str("ledger"),
            Self::Horizon => f.write_str("horizon"),
        }
    }
}

/// A text that names no topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTopic(pub String);

impl Display for UnknownTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a topic: totals, registries, services, service:<id>, ledger, horizon are", self.0)
    }
}

impl std::error::Error for UnknownTopic {}

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "totals" => Ok(Self::Totals),
            "registries" => Ok(Self::Registries),
            "services" => Ok(Self::Services),
            "ledger" => Ok(Self::Ledger),
            "horizon" => Ok(Self::Horizon),
            _ => text
                .strip_prefix("service:")
                .and_then(|id| id.parse().ok())
                .map(Self::Service)
                .ok_or_else(|| UnknownTopic(text.chars().take(80).collect())),
        }
    }
}

impl Serialize for Topic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Names of the events of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// First event: [`Hello`].
    Hello,
    /// A [`Frame`] that replaces what is held of its topic.
    Snapshot,
    /// A [`Frame`] to apply to what is held of its topic.
    Delta,
    /// What is held is worthless; snapshots follow. Data: `{}`.
    Reset,
    /// The server ends the stream: [`Bye`].
    Bye,
}

impl StreamEvent {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Snapshot => "snapshot",
            Self::Delta => "delta",
            Self::Reset => "reset",
            Self::Bye => "bye",
        }
    }
}

/// Data of `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// Names the stream in `PUT /api/v1/stream/{id}/topics`. Cannot be guessed.
    pub stream: String,
    /// The server's clock.
    pub now: Millis,
    /// Build of the server.
    pub build: String,
}

/// Data of `bye`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bye {
    /// Milliseconds to wait before reconnecting, before jitter.
    pub retry_ms: u32,
}

/// Data of `snapshot` and `delta`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The topic it belongs to.
    pub topic: Topic,
    /// The server's clock when the frame was made.
    pub now: Millis,
    /// What it says.
    pub body: Body,
}

/// What a frame says. Lists in a snapshot are whole; in a delta they hold what changed.
///
/// Reading one is written by hand, in `body.rs`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Body {
    /// Topic `totals`; the same in both.
    Totals {
        /// The counts.
        totals: Totals,
    },
    /// Topic `registries`.
    Registries {
        /// Rows, by id.
        upsert: Vec<RegistryRow>,
    },
    /// Topic `services`.
    Services {
        /// Rows that are new or changed.
        upsert: Vec<ServiceRow>,
        /// Rows that are gone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<ServiceId>,
    },
    /// Topic `services` when there are more than [`crate::MAX_SERVICES_IN_BROWSER`]: read pages from the API instead.
    TooMany {
        /// How many there are.
        total: u32,
    },
    /// Topic `service:{id}`; the whole answer in both, since a service is small.
    Service {
        /// The answer; `None`: there is no such service.
        answer: Option<Box<ServiceAnswer>>,
    },
    /// Topic `ledger`.
    Ledger {
        /// New rows, oldest first.
        rows: Vec<LedgerRow>,
    },
    /// Topic `horizon`.
    Horizon {
        /// Buckets and marks.
        horizon: Horizon,
    },
}

/// Body of `PUT /api/v1/stream/{id}/topics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicsRequest {
    /// The topics to follow from now on; new ones begin with a snapshot.
    pub topics: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_round_trip() {
        for text in ["totals", "registries", "services", "ledger", "horizon", "service:0123456789abcdef"] {
            assert_eq!(text.parse::<Topic>().unwrap().to_string(), text);
        }
        for bad in ["", "Services", "service:", "service:1", "service:0123456789ABCDEF"] {
            assert!(bad.parse::<Topic>().is_err(), "{bad}");
        }
    }
}
