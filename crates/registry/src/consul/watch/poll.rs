//! The two blocking queries, and what their answers ask for.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Watched;
use super::follower::{AGAIN, Asked, Follower};
use crate::consul::changes::Subject;
use crate::consul::client::Listed;
use crate::consul::cursor;
use crate::consul::wire::{Check, Services};
use crate::{RegistryError, WatchEvent};

/// The end of one blocking query.
pub(super) struct Polled {
    list: List,
    took: Duration,
}

enum List {
    Services(Result<Listed<Services>, RegistryError>),
    Criticals(Result<Listed<Vec<Check>>, RegistryError>),
}

impl Follower {
    pub(super) fn poll_services(&mut self, after: Duration) {
        let Watched { client, wait, .. } = self.watched.clone();
        let (dc, at) = (Arc::clone(&self.dc), self.services_at);
        self.polls.push(Box::pin(async move {
            sleep(after).await;
            let began = Instant::now();
            let list = List::Services(client.services(&dc, at, wait).await);
            Polled { list, took: began.elapsed() }
        }));
    }

    pub(super) fn poll_criticals(&mut self, after: Duration) {
        let Watched { client, wait, .. } = self.watched.clone();
        let (dc, at) = (Arc::clone(&self.dc), self.criticals_at);
        self.polls.push(Box::pin(async move {
            sleep(after).await;
            let began = Instant::now();
            let list = List::Criticals(client.critical(&dc, at, wait).await);
            Polled { list, took: began.elapsed() }
        }));
    }

    pub(super) fn polled(&mut self, Polled { list, took }: Polled) -> Result<Vec<WatchEvent>, RegistryError> {
        let waited = took >= self.watched.wait / 2;
        let mut events = Vec::new();
        match list {
            List::Services(Ok(listed)) => {
                self.failing.remove(&Asked::Services);
                let moved = self.services_at.answered(listed.index);
                self.sweep_wanted |= moved;
                let change = self.catalog.take(listed.rows);
                for name in &change.gone {
                    self.pending.remove(name);
                    events.extend(self.view.remove(name));
                }
                self.pending.extend(change.changed);
                self.poll_services(cursor::pause(listed.bytes, moved || waited));
            }
            List::Criticals(Ok(listed)) => {
                self.failing.remove(&Asked::Criticals);
                let moved = self.criticals_at.answered(listed.index);
                for subject in self.criticals.take(listed.rows) {
                    match subject {
                        Subject::Service(name) => drop(self.pending.insert(name)),
                        Subject::Node(node) => self.pending.extend(self.view.on_node(&node).map(str::to_owned)),
                    }
                }
                self.poll_criticals(cursor::pause(listed.bytes, moved || waited));
            }
            List::Services(Err(error)) => {
                self.bear(Asked::Services, error)?;
                self.services_at.restart();
                self.poll_services(AGAIN);
                return Ok(events);
            }
            List::Criticals(Err(error)) => {
                self.bear(Asked::Criticals, error)?;
                self.criticals_at.restart();
                self.poll_criticals(AGAIN);
                return Ok(events);
            }
        }
        if events.is_empty() {
            events.push(WatchEvent::Alive);
        }
        Ok(events)
    }
}
