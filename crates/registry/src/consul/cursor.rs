//! Where a blocking query stands.

use std::time::Duration;

/// The index of one blocking query. Pure: what was answered comes in, what to ask next comes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// 0: ask without blocking.
    index: u64,
}

/// The least pause between two answers of one query: a burst of changes becomes a few answers.
const PAUSE: Duration = Duration::from_millis(50);
/// What one such pause pays for. A list of megabytes is asked for less often than one of bytes.
const BYTES_A_PAUSE: usize = 256 * 1024;
/// The pause after an answer that neither blocked nor moved: something between us and Consul ignores the index.
const STUCK: Duration = Duration::from_secs(1);

impl Cursor {
    /// The `index` parameter of the next query; `None`: it does not block.
    pub(super) fn ask(self) -> Option<u64> {
        (self.index > 0).then_some(self.index)
    }

    /// The same place, but the next query does not block: a proof of life is wanted at once.
    pub(super) fn restart(&mut self) {
        self.index = 0;
    }

    /// Takes the `X-Consul-Index` of an answer; returns whether the registry may have changed since the answer before.
    ///
    /// An index that went backwards means a restored or rebuilt server: everything starts again. Zero is never asked for
    /// again, or the query would stop to block.
    pub(super) fn answered(&mut self, index: Option<u64>) -> bool {
        let new = match index {
            Some(new) if new < self.index => 0,
            Some(new) => new.max(1),
            None => 0,
        };
        let moved = new == 0 || new != self.index;
        self.index = new;
        moved
    }
}

/// How long to wait before the next query after an answer of `bytes`, which `blocked` for as long as it was let or
/// brought something new.
pub(super) fn pause(bytes: usize, worked: bool) -> Duration {
    if worked { PAUSE * u32::try_from(1 + bytes / BYTES_A_PAUSE).unwrap_or(u32::MAX).min(40) } else { STUCK }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn indexes_move_as_consul_documents() {
        let mut cursor = Cursor::default();
        let steps = [
            (Some(11), true, Some(11)),
            (Some(11), false, Some(11)),
            (Some(12), true, Some(12)),
            // A restored snapshot: smaller. Start again, and take what comes.
            (Some(5), true, None),
            (Some(5), true, Some(5)),
            // Consul never says 0; where something does, the query must go on blocking.
            (Some(5), false, Some(5)),
            (None, true, None),
            (Some(0), true, Some(1)),
        ];
        for (index, moved, next) in steps {
            assert_eq!((cursor.answered(index), cursor.ask()), (moved, next), "{index:?}");
        }
    }

    #[test]
    fn pauses_grow_with_what_was_sent() {
        assert_eq!(pause(100, true), Duration::from_millis(50));
        assert_eq!(pause(5 << 20, true), Duration::from_millis(50 * 21));
        assert_eq!(pause(usize::MAX, true), Duration::from_secs(2));
        assert_eq!(pause(0, false), Duration::from_secs(1));
    }

    proptest! {
        /// No change is missed: whatever is answered, an index other than the last one counts as moved.
        #[test]
        fn every_other_index_counts_as_moved(answers in prop::collection::vec(prop::option::of(0u64..20), 1..50)) {
            let mut cursor = Cursor::default();
            let mut last = None;
            for answer in answers {
                let moved = cursor.answered(answer);
                prop_assert!(moved || answer.map(|i| i.max(1)) == last);
                last = answer.map(|i| i.max(1));
            }
        }
    }
}
