//! One live stream: a cursor over the journal, and the snapshots it begins with.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use pilothouse_api::{Bye, Hello, StreamEvent, Topic};
use pilothouse_console::Rights;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::fleet::Shared;
use crate::journal::{Cursor, encode};

/// Streams open at once.
const MAX_STREAMS: usize = 20_000;
/// Topics a stream may follow.
const MAX_TOPICS: usize = 64;
/// Frames taken from the journal in one go.
const CHUNK: usize = 64;
/// A comment is sent after this much silence, so that proxies and both ends know that the other lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A snapshot of this age and less is shared: the deltas since are in the journal.
const SNAPSHOT_SHARED: Duration = Duration::from_secs(2);
/// What a browser waits before it reconnects on its own.
const RETRY_MS: u32 = 1_000;

/// Why a stream was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Too many streams are open.
    #[error("{MAX_STREAMS} streams are open, more are not allowed")]
    TooManyStreams,
    /// Too many topics are asked for.
    #[error("at most {MAX_TOPICS} topics are allowed")]
    TooManyTopics,
    /// No topic is asked for.
    #[error("at least one topic is needed")]
    NoTopic,
}

/// No stream of this name and actor is open here: reopen it.
#[derive(Debug, thiserror::Error)]
#[error("no such stream is open here; open a new one")]
pub struct UnknownStream;

/// Every open stream, by its name.
#[derive(Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<Arc<str>, Arc<Control>>>,
    snapshots: Mutex<HashMap<(Topic, Rights), Snapshot>>,
}

struct Snapshot {
    seq: u64,
    made: tokio::time::Instant,
    wire: Bytes,
}

/// What `PUT …/topics` changes.
struct Control {
    rights: Rights,
    topics: Mutex<Vec<Topic>>,
    changed: Notify,
}

impl Streams {
    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.open.lock().len()
    }

    /// Changes what a stream follows.
    pub(crate) fn set_topics(&self, id: &str, rights: &Rights, topics: Vec<Topic>) -> Result<(), SetTopicsError> {
        check(&topics)?;
        let control = self.open.lock().get(id).cloned();
        let control = control.filter(|control| control.rights == *rights).ok_or(UnknownStream)?;
        *control.topics.lock() = topics;
        control.changed.notify_one();
        Ok(())
    }
}

/// Why topics were not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetTopicsError {
    #[error(transparent)]
    Unknown(#[from] UnknownStream),
    #[error(transparent)]
    Topics(#[from] OpenError),
}

fn check(topics: &[Topic]) -> Result<(), OpenError> {
    match topics.len() {
        0 => Err(OpenError::NoTopic),
        n if n > MAX_TOPICS => Err(OpenError::TooManyTopics),
        _ => Ok(()),
    }
}

/// An open stream. Dropping it closes it.
pub struct LiveStream {
    id: Arc<str>,
    shared: Arc<Shared>,
    streams: Arc<Streams>,
    control: Arc<Control>,
    head: watch::Receiver<u64>,
    stop: CancellationToken,
    /// Topics followed, each with the number of the frame its snapshot already holds.
    topics: BTreeMap<Topic, u64>,
    seq: u64,
    pending: VecDeque<Bytes>,
    said_bye: bool,
}

/// What a stream is opened with.
pub(crate) struct Opening<'a> {
    pub(crate) id: String,
    pub(crate) build: &'a str,
    pub(crate) rights: Rights,
    pub(crate) topics: Vec<Topic>,
    pub(crate) cursor: Option<&'a Cursor>,
}

impl LiveStream {
    pub(crate) fn open(
        shared: Arc<Shared>,
        streams: Arc<Streams>,
        stop: CancellationToken,
        opening: Opening<'_>,
    ) -> Result<Self, OpenError> {
        let Opening { id, build, rights, topics, cursor } = opening;
        check(&topics)?;
        let id: Arc<str> = id.into();
        let control = Arc::new(Control { rights, topics: Mutex::new(topics.clone()), changed: Notify::new() });
        {
            let mut open = streams.open.lock();
            if open.len() >= MAX_STREAMS {
                return Err(OpenError::TooManyStreams);
            }
            open.insert(Arc::clone(&id), Arc::clone(&control));
        }
        let head = shared.journal.subscribe();
        let mut stream =
            Self { id, streams, control, head, stop, topics: BTreeMap::new(), seq: 0, pending: VecDeque::new(), said_bye: false, shared };
        let hello = Hello { stream: stream.id.to_string(), now: stream.shared.clock.now(), build: build.to_owned() };
        stream.pending.push_back(Bytes::from(format!("retry: {RETRY_MS}\n")));
        stream.pending.push_back(encode(StreamEvent::Hello, None, &hello));
        let journal = &stream.shared.journal;
        match cursor {
            Some(cursor) if cursor.epoch == *journal.epoch() && journal.holds(cursor.seq) => {
                stream.seq = cursor.seq;
                for topic in topics {
                    stream.follow(topic, cursor.seq);
                }
            }
            Some(_) => stream.reset(topics),
            None => stream.begin(topics),
        }
        Ok(stream)
    }

    /// The next bytes to send: whole events. `None` after `bye`. Safe to drop at any await.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(bytes) = self.pending.pop_front() {
                return Some(bytes);
            }
            if self.said_bye {
                return None;
            }
            self.change_topics();
            self.head.mark_unchanged();
            self.read_journal();
            if !self.pending.is_empty() {
                continue;
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => {
                    self.said_bye = true;
                    return Some(encode(StreamEvent::Bye, None, &Bye { retry_ms: RETRY_MS }));
                }
                () = self.control.changed.notified() => {}
                changed = self.head.changed() => {
                    if changed.is_err() {
                        return None;
                    }
                }
                // An event of nothing but an id moves the browser's cursor on, past frames of topics it does not follow.
                () = tokio::time::sleep(KEEP_ALIVE) => {
                    return Some(Bytes::from(format!("id: {}.{}\n: keep-alive\n\n", self.shared.journal.epoch(), self.seq)));
                }
            }
        }
    }

    fn read_journal(&mut self) {
        let Self { topics, seq, pending, control, shared, .. } = self;
        let read = shared.journal.read(
            *seq,
            CHUNK,
            |number, entry| {
                topics.get(&entry.topic).is_some_and(|held| number > *held)
                    && entry.scope.as_ref().is_none_or(|scope| control.rights.may_read(scope))
            },
            |wire| pending.push_back(wire),
        );
        match read {
            Ok(last) => *seq = last,
            Err(_) => {
                let topics = self.topics.keys().copied().collect();
                self.reset(topics);
            }
        }
    }

    fn change_topics(&mut self) {
        let wanted = self.control.topics.lock().clone();
        let dropped: Vec<_> = self.topics.keys().filter(|topic| !wanted.contains(topic)).copied().collect();
        for topic in dropped {
            self.unfollow(topic);
        }
        for topic in wanted {
            if !self.topics.contains_key(&topic) {
                self.snapshot(topic);
            }
        }
    }

    fn reset(&mut self, topics: Vec<Topic>) {
        for topic in self.topics.keys().copied().collect::<Vec<_>>() {
            self.unfollow(topic);
        }
        self.pending.push_back(encode(StreamEvent::Reset, None, &serde_json::json!({})));
        self.begin(topics);
    }

    /// Snapshots of every topic, then the journal from the oldest of them on.
    fn begin(&mut self, topics: Vec<Topic>) {
        self.seq = self.shared.journal.head();
        for topic in topics {
            let held = self.snapshot(topic);
            self.seq = self.seq.min(held);
        }
    }

    /// Sends a topic's snapshot; frames that it already holds are passed over. A snapshot carries no id: it must not move
    /// the browser's cursor past frames of other topics. Deltas replayed over it end in the same rows.
    fn snapshot(&mut self, topic: Topic) -> u64 {
        self.follow(topic, 0);
        let (wire, seq) = self.streams.snapshot(&self.shared, topic, &self.control.rights);
        self.topics.insert(topic, seq);
        self.pending.push_back(wire);
        seq
    }

    fn follow(&mut self, topic: Topic, held: u64) {
        if self.topics.insert(topic, held).is_none()
            && let Topic::Service(id) = topic
        {
            self.shared.interest.add(id);
        }
    }

    fn unfollow(&mut self, topic: Topic) {
        if self.topics.remove(&topic).is_some()
            && let Topic::Service(id) = topic
        {
            self.shared.interest.remove(id);
        }
    }
}

impl Streams {
    /// A topic's snapshot and the number of the last frame it holds. A young one is shared by everyone of equal rights.
    fn snapshot(&self, shared: &Shared, topic: Topic, rights: &Rights) -> (Bytes, u64) {
        let now = tokio::time::Instant::now();
        // Only what everyone follows is worth sharing; a service's own topic must begin after interest was declared.
        let shareable = !matches!(topic, Topic::Service(_));
        let mut snapshots = self.snapshots.lock();
        snapshots.retain(|_, snapshot| now.duration_since(snapshot.made) < SNAPSHOT_SHARED && shared.journal.holds(snapshot.seq));
        if let Some(snapshot) = snapshots.get(&(topic, rights.clone())) {
            return (snapshot.wire.clone(), snapshot.seq);
        }
        let (frame, seq) = {
            let state = shared.state.read();
            (state.snapshot(topic, rights, shared.clock.now()), shared.journal.head())
        };
        let wire = encode(StreamEvent::Snapshot, None, &frame);
        if shareable {
            snapshots.insert((topic, rights.clone()), Snapshot { seq, made: now, wire: wire.clone() });
        }
        (wire, seq)
    }
}

impl Drop for LiveStream {
    fn drop(&mut self) {
        self.streams.open.lock().remove(&self.id);
        for topic in self.topics.keys().copied().collect::<Vec<_>>() {
            self.unfollow(topic);
        }
    }
}
