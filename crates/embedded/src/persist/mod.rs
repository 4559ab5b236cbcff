//! What survives `kill -9`: one append-only journal of checksummed records, written by one thread.
//!
//! **Policy.** A record counts as durable after `fdatasync`; whoever asked is answered only then. Records that wait
//! at the same time share one sync. A torn tail (a crash in the middle of a write) is cut off and set aside: it was
//! never acknowledged. When a write fails (a full disk), the file is cut back to its last good length, the asker
//! gets the error, and the next write tries again. When the journal has grown to several times what it says, it is
//! rewritten as the shortest journal that says the same, beside the old one, and put in its place by a rename.
//!
//! It knows the records and nothing of HTTP.

mod codec;
mod compact;
mod directory;
mod error;
mod image;
mod journal;
mod medium;
mod writer;

pub(crate) use error::JournalError;
pub use error::OpenError;
pub(crate) use image::{Image, Record};
pub(crate) use writer::Journal;
