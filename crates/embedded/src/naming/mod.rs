//! The naming state machine: services, instances, beats, operator edits and the sweep that ages them.
//!
//! Pure: it does no I/O, spawns nothing, knows no clock (every call that ages something takes `now_ms`) and no
//! HTTP. What must survive a restart is decided here as a [`NamingRecord`], made durable by the caller, and only
//! then applied.

mod batch;
mod catalog;
mod deadlines;
mod decide;
mod edit;
mod error;
mod hosts;
mod instance;
mod key;
mod record;
mod registration;
mod registry;
mod service;
mod sweep;

pub(crate) use batch::BatchEdit;
pub(crate) use catalog::ServiceQuery;
pub(crate) use edit::{Edit, EditTarget, Patch};
pub(crate) use error::NamingError;
pub(crate) use hosts::Hosts;
pub(crate) use instance::InstanceView;
pub(crate) use key::{Address, ServiceKey};
pub(crate) use record::{Definition, NamingRecord};
pub(crate) use registration::{Metadata, Periods, Registration};
pub(crate) use registry::{Beat, BeatAnswer, Naming};
pub(crate) use service::{Entry, Service};
pub(crate) use sweep::Swept;

/// The cluster an instance is in when it names none.
pub(crate) const DEFAULT_CLUSTER: &str = "DEFAULT";
/// The group a service is in when it names none.
pub(crate) const DEFAULT_GROUP: &str = "DEFAULT_GROUP";
/// The namespace that the empty name means.
pub(crate) const PUBLIC_NAMESPACE: &str = "public";
/// Between a service's group and its name.
pub(crate) const GROUP_SEPARATOR: &str = "@@";
