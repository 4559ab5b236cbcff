//! Requests that wait for a config to change. They are answered at the change, not on a timer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use parking_lot::{Mutex, RwLock};
use thiserror::Error;
use tokio::sync::oneshot;

use crate::config::{ConfigKey, Configs, Listened};

/// Polls held at once.
const MAX_POLLS: usize = 20_000;
/// Keys watched by all held polls together.
const MAX_KEYS: usize = 1_000_000;

/// There are too many held polls, or they watch too many keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("too many long polls are held")]
pub(crate) struct TooManyPolls;

/// The held polls.
#[derive(Debug, Default)]
pub(crate) struct LongPolls {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    last_id: u64,
    keys: usize,
    polls: HashMap<u64, Poll>,
    by_key: HashMap<ConfigKey, BTreeSet<u64>>,
}

#[derive(Debug)]
struct Poll {
    ip: String,
    listened: Vec<Listened>,
    answer: oneshot::Sender<Vec<ConfigKey>>,
}

/// What a poll found, or what it waits for.
#[derive(Debug)]
pub(crate) enum Polled<'a> {
    /// These differ already.
    Changed(Vec<ConfigKey>),
    /// Nothing differs yet. Dropping it ends the wait.
    Waiting(Waiting<'a>),
}

/// A held poll.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    polls: &'a LongPolls,
    id: u64,
    answer: oneshot::Receiver<Vec<ConfigKey>>,
}

impl Waiting<'_> {
    /// Resolves with the keys that changed.
    pub(crate) async fn changed(&mut self) -> Vec<ConfigKey> {
        (&mut self.answer).await.unwrap_or_default()
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.polls.held.lock().remove(self.id);
    }
}

impl LongPolls {
    /// Compares what a client has with what it would be served, and holds the poll when all is the same.
    pub(crate) fn poll(&self, ip: &str, listened: Vec<Listened>, configs: &RwLock<Configs>) -> Result<Polled<'_>, TooManyPolls> {
        // Held while comparing, so that a change cannot slip between the comparison and the wait.
        let mut held = self.held.lock();
        let changed = differing(&listened, ip, &configs.read());
        if !changed.is_empty() {
            return Ok(Polled::Changed(changed));
        }
        if held.polls.len() >= MAX_POLLS || held.keys + listened.len() > MAX_KEYS {
            return Err(TooManyPolls);
        }
        held.last_id += 1;
        held.keys += listened.len();
        let id = held.last_id;
        for one in &listened {
            held.by_key.entry(one.key.clone()).or_default().insert(id);
        }
        let (sender, answer) = oneshot::channel();
        held.polls.insert(id, Poll { ip: ip.to_owned(), listened, answer: sender });
        Ok(Polled::Waiting(Waiting { polls: self, id, answer }))
    }

    /// Answers the polls for whom `key` differs now.
    pub(crate) fn changed(&self, key: &ConfigKey, configs: &RwLock<Configs>) {
        // The same order of locks as in `poll`.
        let mut held = self.held.lock();
        let configs = configs.read();
        let ids: Vec<u64> = held.by_key.get(key).into_iter().flatten().copied().collect();
        for id in ids {
            let Some(poll) = held.polls.get(&id) else { continue };
            let changed = differing(&poll.listened, &poll.ip, &configs);
            if changed.is_empty() {
                continue;
            }
            if let Some(poll) = held.remove(id) {
                // Its request may just have gone away.
                let _ = poll.answer.send(changed);
            }
        }
    }

    /// Which clients listen to `key` at this moment, and the md5 they have.
    pub(crate) fn listeners(&self, key: &ConfigKey) -> BTreeMap<String, String> {
        let held = self.held.lock();
        let polls = held.by_key.get(key).into_iter().flatten().filter_map(|id| held.polls.get(id));
        polls.filter_map(|poll| poll.listened.iter().find(|one| one.key == *key).map(|one| (poll.ip.clone(), one.md5.clone()))).collect()
    }

    /// What the client at `ip` listens to at this moment, and the md5 it has.
    pub(crate) fn listened_by(&self, ip: &str) -> BTreeMap<ConfigKey, String> {
        let held = self.held.lock();
        let polls = held.polls.values().filter(|poll| poll.ip == ip);
        polls.flat_map(|poll| &poll.listened).map(|one| (one.key.clone(), one.md5.clone())).collect()
    }
}

impl Held {
    fn remove(&mut self, id: u64) -> Option<Poll> {
        let poll = self.polls.remove(&id)?;
        self.keys -= poll.listened.len();
        for one in &poll.listened {
            if let Some(ids) = self.by_key.get_mut(&one.key) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.by_key.remove(&one.key);
                }
            }
        }
        Some(poll)
    }
}

fn differing(listened: &[Listened], ip: &str, configs: &Configs) -> Vec<ConfigKey> {
    listened.iter().filter(|one| configs.served_md5(&one.key, ip) != one.md5).map(|one| one.key.clone()).collect()
}
