//! What Nacos puts on the wire, and what it means. Pure: texts in, model out.
//!
//! Unknown fields are passed over, fields that some version leaves out are optional, and nothing here asks a server.

mod config;
mod envelope;
mod instance;
mod lenient;
mod push;
mod service;

pub(super) use config::{V1Beta, V1Config, V1History, V1Listeners, V1Page, V3Config, V3History, V3Listeners};
pub(super) use envelope::{Envelope, Page, is_missing};
pub(super) use instance::{ClientDetail, ClientInstances, InstancePage, InstanceRecord, Trust, heartbeat, one_of_each};
pub(super) use push::{Datagram, acknowledgement};
pub(super) use service::{CountRow, CountsPage, Details, NameList, NamespaceRow, ServiceDetail, ServiceMembers, State, V1ServiceDetail};
