//! Datagrams that were not acknowledged yet: each is sent once more, then given up. Pure.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::Instant;

/// How long an acknowledgement is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Datagrams remembered at once; beyond it the oldest is given up.
const MAX_PENDING: usize = 4_096;

/// Sent datagrams by their number.
#[derive(Debug, Default)]
pub(super) struct Pending {
    sent: BTreeMap<i64, (Instant, SocketAddr, Vec<u8>)>,
}

impl Pending {
    pub(super) fn sent(&mut self, number: i64, to: SocketAddr, datagram: Vec<u8>, at: Instant) {
        self.sent.insert(number, (at + PATIENCE, to, datagram));
        while self.sent.len() > MAX_PENDING {
            self.sent.pop_first();
        }
    }

    pub(super) fn acknowledged(&mut self, number: i64) {
        self.sent.remove(&number);
    }

    /// When the next datagram is to be repeated. Numbers grow with time, so it is the first.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.sent.first_key_value().map(|(_, (due, ..))| *due)
    }

    /// The datagrams to repeat now; they are not waited for a second time.
    pub(super) fn due(&mut self, now: Instant) -> Vec<(SocketAddr, Vec<u8>)> {
        let mut due = Vec::new();
        while self.next_due().is_some_and(|next| next <= now) {
            due.extend(self.sent.pop_first().map(|(_, (_, to, datagram))| (to, datagram)));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_once_after_ten_seconds_unless_acknowledged() {
        let start = Instant::now();
        let to = SocketAddr::from(([127, 0, 0, 1], 9));
        let mut pending = Pending::default();
        pending.sent(1, to, vec![1], start);
        pending.sent(2, to, vec![2], start);
        pending.acknowledged(1);
        assert_eq!(pending.due(start + PATIENCE - Duration::from_millis(1)), []);
        assert_eq!(pending.due(start + PATIENCE), [(to, vec![2])]);
        assert_eq!(pending.due(start + PATIENCE * 3), []);
    }
}
