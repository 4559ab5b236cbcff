//! Appending batches of records so that each is either durable or not there.

use std::io;

use super::Record;
use super::codec::encode;
use super::medium::Medium;

/// An open journal.
#[derive(Debug)]
pub(super) struct JournalFile<M> {
    medium: M,
    /// Everything before this is durable.
    length: u64,
    /// Something may lie behind `length` and has to be cut off first.
    is_dirty: bool,
}

/// What became of one record of a batch.
pub(super) type Encoded = Result<(), usize>;

impl<M: Medium> JournalFile<M> {
    pub(super) fn new(medium: M, length: u64) -> Self {
        Self { medium, length, is_dirty: false }
    }

    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// Makes a batch durable with one sync: all records that are not too large, or none.
    pub(super) fn append<'a>(&mut self, records: impl Iterator<Item = &'a Record>) -> (Vec<Encoded>, io::Result<()>) {
        let mut bytes = Vec::new();
        let encoded = records.map(|record| encode(record, &mut bytes)).collect();
        (encoded, self.write(&bytes))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.is_dirty {
            self.medium.truncate(self.length)?;
            self.is_dirty = false;
        }
        let written = self.medium.append(bytes).and_then(|()| self.medium.sync());
        match written {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Cut off what was not acknowledged now; if even that fails, before the next write.
                self.is_dirty = self.medium.truncate(self.length).is_err();
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::namespace::{Namespace, NamespaceRecord};
    use crate::persist::codec::{Frame, decode};

    /// A disk of so many bytes.
    #[derive(Clone, Default)]
    struct Disk {
        bytes: Arc<Mutex<Vec<u8>>>,
        size: Arc<Mutex<usize>>,
    }

    impl Medium for Disk {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            let mut disk = self.bytes.lock().unwrap();
            let room = self.size.lock().unwrap().saturating_sub(disk.len());
            disk.extend(&bytes[..room.min(bytes.len())]);
            if room < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }
        fn truncate(&mut self, length: u64) -> io::Result<()> {
            self.bytes.lock().unwrap().truncate(length as usize);
            Ok(())
        }
    }

    fn record(id: &str) -> Record {
        Record::Namespace(NamespaceRecord::Put { of: Namespace { id: id.to_owned(), name: id.to_owned(), description: None } })
    }

    fn stored(disk: &Disk) -> Vec<Record> {
        let bytes = disk.bytes.lock().unwrap();
        let (mut at, mut records) = (0, Vec::new());
        while let Frame::Record(record, size) = decode(&bytes[at..]) {
            records.push(*record);
            at += size;
        }
        assert_eq!(at, bytes.len(), "nothing but whole frames");
        records
    }

    #[test]
    fn a_full_disk_loses_nothing_and_takes_writes_again_when_it_has_room() {
        let disk = Disk::default();
        *disk.size.lock().unwrap() = 150;
        let mut journal = JournalFile::new(disk.clone(), 0);
        assert!(journal.append([record("a")].iter()).1.is_ok());
        let refused = journal.append([record("b"), record(&"c".repeat(200))].iter()).1;
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(stored(&disk), [record("a")]);
        *disk.size.lock().unwrap() = 10_000;
        assert!(journal.append([record("d")].iter()).1.is_ok());
        assert_eq!(stored(&disk), [record("a"), record("d")]);
    }
}
