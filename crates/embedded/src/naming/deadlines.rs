//! When to look at which instance again, without looking at all of them at every sweep.
//!
//! Beats do not touch the queue: an instance that comes due is looked at, and queued again from its last beat.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Address, ServiceKey};

type Due = Reverse<(i64, u64, ServiceKey, Address)>;

/// A queue of instances by the moment their state may change. An instance holds one ticket; older ones are void.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    queue: BinaryHeap<Due>,
    issued: u64,
}

impl Deadlines {
    /// Queues an instance and says which ticket is now its own.
    pub(super) fn push(&mut self, due: i64, key: &ServiceKey, address: &Address) -> u64 {
        self.issued += 1;
        self.queue.push(Reverse((due, self.issued, key.clone(), address.clone())));
        self.issued
    }

    /// The next instance whose deadline lies before `now`.
    pub(super) fn pop_before(&mut self, now: i64) -> Option<(u64, ServiceKey, Address)> {
        if self.queue.peek()?.0.0 >= now {
            return None;
        }
        self.queue.pop().map(|Reverse((_, ticket, key, address))| (ticket, key, address))
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    /// Keeps what `is_current` says is still somebody's ticket.
    pub(super) fn retain(&mut self, mut is_current: impl FnMut(&ServiceKey, &Address, u64) -> bool) {
        self.queue.retain(|Reverse((_, ticket, key, address))| is_current(key, address, *ticket));
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
    }
}
