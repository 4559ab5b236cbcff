//! What can go wrong with the journal.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

/// Why a registry could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The data folder could not be made or read.
    #[error("cannot use the data folder {path}")]
    Directory {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another process has this data folder open.
    #[error("the data folder {path} is in use by another registry")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The journal could not be read or repaired.
    #[error("cannot read the journal {path}")]
    Journal {
        /// The journal file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is no journal of this program, or one of a newer version.
    #[error("{path} is not a journal this version can read")]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// A record with a good checksum could not be understood.
    #[error("the record at byte {offset} of {path} cannot be understood")]
    Record {
        /// The journal file.
        path: PathBuf,
        /// Where the record begins.
        offset: u64,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

/// Why a change could not be made durable.
#[derive(Clone, Debug, Error)]
pub(crate) enum JournalError {
    /// The file could not be written: most likely the disk is full.
    #[error("the change could not be written to disk, nothing was changed: {0}")]
    Write(#[source] Arc<io::Error>),
    /// One record is larger than the journal takes.
    #[error("the change is too large to be written: {0} bytes")]
    TooLarge(usize),
    /// The writer is gone: the registry is shutting down.
    #[error("the registry is shutting down, nothing was changed")]
    Closed,
}
