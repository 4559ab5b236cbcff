//! From many registries to one live view: a supervisor per registry, the merged fleet, the journal, the streams.
//!
//! Data flows one way: supervisors send events into one bounded queue; the fleet task applies them, derives facts and
//! transitions, appends frames to the journal and hands batches to the recorder; streams read the journal. It must never
//! know HTTP, SQL, a registry's wire format or a page.

mod backoff;
mod beats;
mod fleet;
mod hub;
mod journal;
mod operators;
mod recorder;
mod stream;
mod supervisor;

pub use hub::{Hub, HubConfig, HubParts, RegistrySpec};
pub use journal::{Cursor, InvalidCursor};
pub use recorder::RecorderStatus;
pub use stream::{LiveStream, OpenError, UnknownStream};
