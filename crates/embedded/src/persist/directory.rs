//! The data folder: which journal is the current one, reading it, and the lock that keeps a second process out.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::codec::{Frame, HEADER, decode};
use super::{Image, OpenError};

const LOCK: &str = "registry.lock";
const PREFIX: &str = "registry-";
const SUFFIX: &str = ".journal";

/// An opened data folder. The lock is held as long as it lives.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    _lock: File,
}

/// The current journal, read.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) directory: Directory,
    pub(super) generation: u64,
    pub(super) file: File,
    pub(super) length: u64,
    pub(super) image: Image,
}

impl Directory {
    /// Opens a folder, making it if need be, and reads its journal. `now` is when what it tells of was last seen.
    pub(super) fn open(path: &Path, now: i64) -> Result<Opened, OpenError> {
        let failed = |source| OpenError::Directory { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(failed)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let directory = Self { path: path.to_owned(), _lock: lock };
        let generations = directory.generations().map_err(failed)?;
        let generation = generations.last().copied();
        let Some(generation) = generation else {
            let (file, length) = directory.create(1, std::iter::empty()).map_err(failed)?;
            return Ok(Opened { directory, generation: 1, file, length, image: Image::default() });
        };
        let journal = directory.journal(generation);
        let unreadable = |source| OpenError::Journal { path: journal.clone(), source };
        let mut bytes = Vec::new();
        let mut file = OpenOptions::new().read(true).write(true).open(&journal).map_err(unreadable)?;
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        let (image, length) = directory.replay(&bytes, &journal, now)?;
        if length < bytes.len() as u64 {
            directory.set_aside(generation, length, &bytes).map_err(unreadable)?;
        }
        super::medium::Medium::truncate(&mut file, length).map_err(unreadable)?;
        for old in generations.iter().filter(|old| **old != generation) {
            fs::remove_file(directory.journal(*old)).map_err(unreadable)?;
        }
        Ok(Opened { directory, generation, file, length, image })
    }

    /// Writes a journal of these frames under a generation and makes it the current one.
    pub(super) fn create(&self, generation: u64, frames: impl Iterator<Item = Vec<u8>>) -> io::Result<(File, u64)> {
        let path = self.journal(generation);
        let unfinished = path.with_extension("unfinished");
        let mut file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(&unfinished)?;
        let mut length = HEADER.len() as u64;
        let written = file.write_all(HEADER).and_then(|()| {
            for frame in frames {
                file.write_all(&frame)?;
                length += frame.len() as u64;
            }
            file.sync_all()
        });
        if let Err(error) = written {
            // Leave no half of a journal behind on a full disk; a failure to remove changes nothing about the error.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        fs::rename(&unfinished, &path)?;
        File::open(&self.path)?.sync_all()?;
        Ok((file, length))
    }

    /// Removes a journal that another has replaced.
    pub(super) fn remove(&self, generation: u64) -> io::Result<()> {
        fs::remove_file(self.journal(generation))
    }

    pub(super) fn journal(&self, generation: u64) -> PathBuf {
        self.path.join(format!("{PREFIX}{generation:06}{SUFFIX}"))
    }

    fn generations(&self) -> io::Result<Vec<u64>> {
        let mut generations = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let number: Option<u64> = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok());
            generations.extend(number);
        }
        generations.sort_unstable();
        Ok(generations)
    }

    fn replay(&self, bytes: &[u8], journal: &Path, now: i64) -> Result<(Image, u64), OpenError> {
        let mut image = Image::default();
        if !bytes.starts_with(HEADER) {
            return Err(OpenError::NotAJournal { path: journal.to_owned() });
        }
        let mut at = HEADER.len();
        loop {
            match decode(&bytes[at..]) {
                Frame::Record(record, size) => {
                    image.apply(*record, now);
                    at += size;
                }
                Frame::End | Frame::Torn => return Ok((image, at as u64)),
                Frame::Unknown(source) => {
                    return Err(OpenError::Record { path: journal.to_owned(), offset: at as u64, source });
                }
            }
        }
    }

    fn set_aside(&self, generation: u64, length: u64, bytes: &[u8]) -> io::Result<()> {
        let aside = self.path.join(format!("{PREFIX}{generation:06}.torn-at-{length}"));
        let torn = &bytes[usize::try_from(length).unwrap_or(bytes.len())..];
        tracing::warn!(journal = %self.journal(generation).display(), at = length, bytes = torn.len(), "the journal ends in the middle of a record; the tail was set aside");
        fs::write(aside, torn)
    }
}
