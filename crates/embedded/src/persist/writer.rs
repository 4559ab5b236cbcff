//! The one thread that writes the journal, and the handle everybody else appends through.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::compact::{compact, is_due};
use super::directory::{Directory, Opened};
use super::journal::JournalFile;
use super::{Image, JournalError, OpenError, Record};

/// Appends that may wait at once; more wait to wait.
const QUEUE: usize = 1_024;
/// Records that share one sync.
const BATCH: usize = 256;

struct Append {
    record: Record,
    done: oneshot::Sender<Result<(), JournalError>>,
}

/// A handle to append records through. The writer ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    queue: mpsc::Sender<Append>,
}

impl std::fmt::Debug for Append {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Append")
    }
}

impl Journal {
    /// Opens the journal in `path` and starts its writer.
    pub(crate) fn open(path: &Path, now: i64) -> Result<(Self, Image), OpenError> {
        let Opened { directory, generation, file, length, image } = Directory::open(path, now)?;
        let (queue, appends) = mpsc::channel(QUEUE);
        let writer = Writer { directory, generation, base: length, journal: JournalFile::new(file, length) };
        std::thread::Builder::new()
            .name("registry-journal".to_owned())
            .spawn(move || writer.run(appends))
            .map_err(|source| OpenError::Directory { path: path.to_owned(), source })?;
        Ok((Self { queue }, image))
    }

    /// Returns when the record is durable, or says why it is not.
    pub(crate) async fn append(&self, record: Record) -> Result<(), JournalError> {
        let (done, answer) = oneshot::channel();
        self.queue.send(Append { record, done }).await.map_err(|_| JournalError::Closed)?;
        answer.await.map_err(|_| JournalError::Closed)?
    }
}

struct Writer {
    directory: Directory,
    generation: u64,
    /// The length after the last compaction.
    base: u64,
    journal: JournalFile<File>,
}

impl Writer {
    fn run(mut self, mut appends: mpsc::Receiver<Append>) {
        while let Some(first) = appends.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH {
                let Ok(next) = appends.try_recv() else { break };
                batch.push(next);
            }
            self.write(batch);
            if is_due(self.journal.len(), self.base) {
                self.compact();
            }
        }
    }

    fn write(&mut self, batch: Vec<Append>) {
        let (encoded, written) = self.journal.append(batch.iter().map(|append| &append.record));
        let written = written.map_err(|error| JournalError::Write(Arc::new(error)));
        if let Err(error) = &written {
            tracing::error!(%error, records = batch.len(), "the journal could not be written");
        }
        for (append, encoded) in batch.into_iter().zip(encoded) {
            let answer = encoded.map_err(JournalError::TooLarge).and_then(|()| written.clone());
            // Whoever asked may have gone; the record is durable all the same.
            let _ = append.done.send(answer);
        }
    }

    fn compact(&mut self) {
        let before = self.journal.len();
        match compact(&self.directory, self.generation) {
            Ok((file, length)) => {
                self.journal = JournalFile::new(file, length);
                self.base = length;
                if let Err(error) = self.directory.remove(self.generation) {
                    tracing::warn!(%error, "the replaced journal could not be removed");
                }
                self.generation += 1;
                tracing::info!(before, after = length, "the journal was compacted");
            }
            Err(error) => {
                // The old journal still says everything. Try again when it has grown by as much once more.
                self.base = before;
                tracing::warn!(%error, "the journal could not be compacted");
            }
        }
    }
}
