//! The journal: every frame once, in order, in a bounded ring that any number of streams read with a cursor.
//!
//! There is no queue per reader. A reader that is too slow finds that its cursor fell off.

use std::collections::VecDeque;
use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::RwLock;
use pilothouse_api::{Frame, StreamEvent, Topic};
use pilothouse_model::Scope;
use tokio::sync::watch;

/// Frames kept at most.
const MAX_FRAMES: usize = 65_536;
/// Bytes of frames kept at most.
const MAX_BYTES: usize = 64 << 20;

/// A place in a journal: the epoch of the process and the number of the last frame taken in. Text: `epoch.seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Random per process.
    pub epoch: Arc<str>,
    /// The last frame taken in; 0 before the first.
    pub seq: u64,
}

/// A text that is no cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCursor;

impl Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cursor is `epoch.seq`: use the id of the last event, unchanged")
    }
}

impl std::error::Error for InvalidCursor {}

impl Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, seq) = text.split_once('.').ok_or(InvalidCursor)?;
        let plausible = !epoch.is_empty() && epoch.len() <= 64 && epoch.bytes().all(|b| b.is_ascii_alphanumeric());
        let seq = seq.parse().map_err(|_| InvalidCursor)?;
        if plausible { Ok(Self { epoch: epoch.into(), seq }) } else { Err(InvalidCursor) }
    }
}

/// One frame as it goes over the wire.
pub(crate) struct Entry {
    pub(crate) topic: Topic,
    /// `None`: nothing in it belongs to a scope (registry rows in local mode, totals).
    pub(crate) scope: Option<Scope>,
    pub(crate) wire: Bytes,
}

/// The ring.
pub(crate) struct Journal {
    epoch: Arc<str>,
    ring: RwLock<Ring>,
    head: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<Entry>,
    /// Number of the oldest entry held; the next one to come when empty.
    first: u64,
    bytes: usize,
}

/// What lies behind a cursor is not held any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FellOff;

impl Journal {
    /// An empty journal of this epoch.
    pub(crate) fn new(epoch: &str) -> Self {
        Self { epoch: epoch.into(), ring: RwLock::new(Ring { first: 1, ..Ring::default() }), head: watch::Sender::new(0) }
    }

    pub(crate) fn epoch(&self) -> &Arc<str> {
        &self.epoch
    }

    /// Number of the newest frame; 0 before the first.
    pub(crate) fn head(&self) -> u64 {
        let ring = self.ring.read();
        ring.first + ring.entries.len() as u64 - 1
    }

    /// Appends a delta. Readers are woken by [`Journal::wake`], once for many appends.
    pub(crate) fn append(&self, frame: &Frame, scope: Option<Scope>) {
        let mut ring = self.ring.write();
        let seq = ring.first + ring.entries.len() as u64;
        let wire = encode(StreamEvent::Delta, Some((&self.epoch, seq)), frame);
        ring.bytes += wire.len();
        ring.entries.push_back(Entry { topic: frame.topic, scope, wire });
        while ring.entries.len() > MAX_FRAMES || (ring.bytes > MAX_BYTES && ring.entries.len() > 1) {
            let Some(oldest) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest.wire.len();
            ring.first += 1;
        }
    }

    /// Wakes every reader if there is something new.
    pub(crate) fn wake(&self) {
        let head = self.head();
        self.head.send_if_modified(|seen| std::mem::replace(seen, head) != head);
    }

    /// Follows the head.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Whether everything after `seq` is still held.
    pub(crate) fn holds(&self, seq: u64) -> bool {
        let ring = self.ring.read();
        seq + 1 >= ring.first && seq < ring.first + ring.entries.len() as u64
    }

    /// Hands at most `limit` wanted entries after `seq` to `take`; returns the number of the last one looked at.
    pub(crate) fn read(
        &self,
        seq: u64,
        limit: usize,
        mut wants: impl FnMut(u64, &Entry) -> bool,
        mut take: impl FnMut(Bytes),
    ) -> Result<u64, FellOff> {
        let ring = self.ring.read();
        if seq + 1 < ring.first {
            return Err(FellOff);
        }
        let mut last = seq;
        let mut taken = 0;
        let skip = usize::try_from(seq + 1 - ring.first).unwrap_or(usize::MAX);
        for (offset, entry) in ring.entries.iter().enumerate().skip(skip) {
            if taken == limit {
                break;
            }
            last = ring.first + offset as u64;
            if wants(last, entry) {
                take(entry.wire.clone());
                taken += 1;
            }
        }
        Ok(last)
    }
}

/// One server-sent event. `serde_json` writes no line feed, so the data is one line.
pub(crate) fn encode(event: StreamEvent, id: Option<(&str, u64)>, data: &impl serde::Serialize) -> Bytes {
    let mut wire = Vec::with_capacity(256);
    if let Some((epoch, seq)) = id {
        wire.extend_from_slice(format!("id: {epoch}.{seq}\n").as_bytes());
    }
    wire.extend_from_slice(format!("event: {}\ndata: ", event.name()).as_bytes());
    serde_json::to_writer(&mut wire, data).expect("frames are made of strings, numbers and lists");
    wire.extend_from_slice(b"\n\n");
    Bytes::from(wire)
}

#[cfg(test)]
mod tests {
    use pilothouse_api::{Body, Totals};
    use pilothouse_model::Millis;
    use proptest::prelude::*;

    use super::*;

    fn frame(n: u32) -> Frame {
        let totals = Totals { services: n, ..Totals::default() };
        Frame { topic: Topic::Totals, now: Millis(0), body: Body::Totals { totals } }
    }

    fn read_all(journal: &Journal, mut seq: u64, limit: usize) -> Result<Vec<Bytes>, FellOff> {
        let mut taken = Vec::new();
        loop {
            let next = journal.read(seq, limit, |_, _| true, |wire| taken.push(wire))?;
            if next == seq {
                return Ok(taken);
            }
            seq = next;
        }
    }

    #[test]
    fn a_cursor_behind_the_ring_fell_off() {
        let journal = Journal::new("e");
        for n in 0..(u32::try_from(MAX_FRAMES).unwrap() + 10) {
            journal.append(&frame(n), None);
        }
        assert_eq!(read_all(&journal, 9, 1000), Err(FellOff));
        assert_eq!(read_all(&journal, 10, 1000).unwrap().len(), MAX_FRAMES);
        assert!(journal.holds(10) && !journal.holds(9));
    }

    #[test]
    fn a_cursor_from_the_future_is_not_held() {
        assert!(Journal::new("e").holds(0));
        assert!(!Journal::new("e").holds(1));
    }

    #[test]
    fn cursors_round_trip_and_nonsense_is_refused() {
        assert_eq!("ab1.7".parse::<Cursor>().unwrap().to_string(), "ab1.7");
        for bad in ["", "7", ".7", "a.", "a.x", "a b.1", "a.-1"] {
            assert_eq!(bad.parse::<Cursor>(), Err(InvalidCursor), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn resuming_at_any_point_equals_no_disconnect(frames in 1u32..60, cut in 0u64..60, limit in 1usize..7) {
            let journal = Journal::new("e");
            for n in 0..frames {
                journal.append(&frame(n), None);
            }
            let whole = read_all(&journal, 0, 1000).unwrap();
            let cut = cut.min(u64::from(frames));
            let mut parts = whole[..usize::try_from(cut).unwrap()].to_vec();
            parts.extend(read_all(&journal, cut, limit).unwrap());
            prop_assert_eq!(parts, whole);
        }
    }
}
