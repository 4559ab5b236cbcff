//! The file under the journal, as little of it as the journal needs, so that a test can fill the disk.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// Bytes that are appended and then made durable.
pub(super) trait Medium: Send + 'static {
    /// Appends all of `bytes`. After an error any part of them may be there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns when everything appended is durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts back to `length` bytes; the next append goes there.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl Medium for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }
}
