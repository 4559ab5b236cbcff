//! The nouns of Pilothouse: what every other room means by a registry, a service, an instance, its health.
//!
//! Pure data. This crate must never know a wire format of a registry, SQL, HTTP, a clock or a source of
//! randomness: times and identifiers are handed in.

mod actor;
mod audit;
mod capability;
mod config;
mod edit;
mod endpoint;
mod fact;
mod fingerprint;
mod freshness;
mod health;
mod heartbeat;
mod instance;
mod liveness;
mod millis;
mod registry;
mod service;
mod source;

pub use actor::Actor;
pub use audit::{AuditAction, AuditEntry, AuditOutcome};
pub use capability::{BeatSource, Capabilities, ConfigCapabilities, InstanceCapabilities};
pub use config::{BetaConfig, ConfigDocument, ConfigHead, ConfigKey, ConfigListener, ConfigOperation, ConfigRevision, Expected, Revision};
pub use edit::{Edited, InstanceEdit};
pub use endpoint::{Breaker, EndpointStatus};
pub use fact::{Fact, FactBody, Occurred, Readback};
pub use fingerprint::{Fingerprint, fingerprint};
pub use freshness::Freshness;
pub use health::{Health, Protection, UnknownHealth};
pub use heartbeat::{BeatReading, BeatVia, Heartbeat};
pub use instance::{Instance, InstanceKey, LocalInstanceId};
pub use liveness::{Evidence, Liveness, Transition};
pub use millis::Millis;
pub use registry::{InvalidRegistryId, RegistryId, RegistryKind};
pub use service::{Namespace, Scope, Service, ServiceId, ServiceKey};
pub use source::{AnswerStanding, Login, SourceProblem, SourceReport, WatchWay, WatchWayKind};
