//! Frames between their receipt and the next animation frame, or for as long as the reader holds the page still.

use std::collections::VecDeque;

use pilothouse_api::{Body, Frame, StreamEvent, Topic};

/// Most rows that wait while the page is held still. Beyond that a fresh snapshot is cheaper than the backlog.
const MOST_ROWS: usize = 20_000;

/// Frames that wait.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    frames: VecDeque<(StreamEvent, Frame)>,
    rows: usize,
    overflowed: bool,
}

impl Inbox {
    /// A frame arrived.
    pub(crate) fn push(&mut self, event: StreamEvent, frame: Frame) {
        if self.overflowed && frame.topic != Topic::Registries {
            return;
        }
        let rows = rows(&frame.body);
        if self.rows + rows > MOST_ROWS && !self.frames.is_empty() && event == StreamEvent::Delta {
            *self = Self { overflowed: true, ..Self::default() };
            return;
        }
        self.rows += rows;
        self.frames.push_back((event, frame));
    }

    /// Everything that waits, in order of arrival.
    pub(crate) fn take(&mut self) -> VecDeque<(StreamEvent, Frame)> {
        self.rows = 0;
        std::mem::take(&mut self.frames)
    }

    /// What must be shown even while the page is held still: how far the sources can be believed.
    pub(crate) fn take_urgent(&mut self) -> VecDeque<(StreamEvent, Frame)> {
        let (urgent, rest) = self.take().into_iter().partition(|(_, frame)| frame.topic == Topic::Registries);
        self.frames = rest;
        self.rows = self.frames.iter().map(|(_, frame)| rows(&frame.body)).sum();
        urgent
    }

    /// Rows that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.rows
    }

    /// Whether frames were dropped, so that only a fresh snapshot helps. Asking forgets it.
    pub(crate) fn overflowed(&mut self) -> bool {
        std::mem::take(&mut self.overflowed)
    }
}

fn rows(body: &Body) -> usize {
    match body {
        Body::Services { upsert, remove } => upsert.len() + remove.len(),
        Body::Ledger { rows } => rows.len(),
        Body::Service { .. } => 1,
        Body::Totals { .. } | Body::Registries { .. } | Body::TooMany { .. } | Body::Horizon { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Millis, ServiceId, fingerprint};

    use super::*;

    fn removal(n: usize) -> Frame {
        let remove = vec![ServiceId(fingerprint([b"x".as_slice()])); n];
        Frame { topic: Topic::Services, now: Millis(0), body: Body::Services { upsert: vec![], remove } }
    }

    #[test]
    fn freshness_passes_while_everything_else_waits() {
        let mut inbox = Inbox::default();
        inbox.push(StreamEvent::Delta, removal(3));
        inbox.push(StreamEvent::Delta, Frame { topic: Topic::Registries, now: Millis(0), body: Body::Registries { upsert: vec![] } });
        assert_eq!(inbox.take_urgent().len(), 1);
        assert_eq!((inbox.waiting(), inbox.take().len(), inbox.waiting()), (3, 1, 0));
    }

    #[test]
    fn a_backlog_beyond_its_bound_is_given_up() {
        let mut inbox = Inbox::default();
        inbox.push(StreamEvent::Delta, removal(MOST_ROWS));
        inbox.push(StreamEvent::Delta, removal(1));
        inbox.push(StreamEvent::Delta, removal(1));
        assert!(inbox.take().is_empty());
        assert!(inbox.overflowed());
        assert!(!inbox.overflowed());
    }

    #[test]
    fn one_snapshot_is_never_too_large() {
        let mut inbox = Inbox::default();
        inbox.push(StreamEvent::Snapshot, removal(MOST_ROWS + 1));
        assert_eq!(inbox.take().len(), 1);
    }
}
