//! One watch: what it holds, what is under way, and what comes of each answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};

use super::Watched;
use super::poll::Polled;
use crate::consul::changes::{Catalog, Criticals};
use crate::consul::client::Client;
use crate::consul::cursor::Cursor;
use crate::consul::sweep::{self, Found, Swept};
use crate::consul::view::View;
use crate::consul::wire::HealthRow;
use crate::{RegistryError, WatchEvent};

/// Services read at once.
pub(super) const READERS: usize = 6;
/// How long one thing may go on failing before it is an error: an election takes less.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries of what failed.
pub(super) const AGAIN: Duration = Duration::from_millis(250);
/// Node addresses are looked at this often.
pub(super) const NODES_EVERY: Duration = Duration::from_secs(55);

/// What can fail, each with a patience of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    Services,
    Criticals,
    Sweep,
    Service(String),
}

/// A service's rows, or why they could not be read.
type ServiceRead = (String, Result<Vec<HealthRow>, RegistryError>);

/// A watch under way.
pub(super) struct Follower {
    pub(super) watched: Watched,
    pub(super) dc: Arc<str>,
    pub(super) view: View,
    pub(super) catalog: Catalog,
    pub(super) criticals: Criticals,
    pub(super) services_at: Cursor,
    pub(super) criticals_at: Cursor,
    pub(super) polls: FuturesUnordered<BoxFuture<'static, Polled>>,
    /// Services to read, and those being read: never one twice at a time, for the older answer could come last.
    pub(super) pending: BTreeSet<String>,
    pub(super) reading: BTreeSet<String>,
    pub(super) reads: FuturesUnordered<BoxFuture<'static, ServiceRead>>,
    pub(super) reads_not_before: Instant,
    pub(super) sweep: Option<BoxFuture<'static, Result<Swept, RegistryError>>>,
    pub(super) sweep_wanted: bool,
    pub(super) sweep_not_before: Instant,
    pub(super) nodes_at: Instant,
    pub(super) failing: BTreeMap<Asked, Instant>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.watched.client.state.set_following(false);
    }
}

impl Follower {
    /// Waits for whatever comes next. Never returns an empty list of events.
    pub(super) async fn next(&mut self) -> Result<Vec<WatchEvent>, RegistryError> {
        loop {
            self.start_work();
            let wake = self.wakes_at();
            let events = tokio::select! {
                Some(polled) = self.polls.next() => self.polled(polled)?,
                Some((name, rows)) = self.reads.next() => self.read(name, rows)?,
                swept = running(&mut self.sweep) => self.swept(swept)?,
                () = sleep_until(wake) => Vec::new(),
            };
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    /// The next moment at which something may be started that may not now.
    fn wakes_at(&self) -> Instant {
        let mut wake = self.nodes_at.max(self.sweep_not_before);
        if self.sweep_wanted {
            wake = wake.min(self.sweep_not_before);
        }
        if self.reads.len() < READERS && self.pending.iter().any(|name| !self.reading.contains(name)) {
            wake = wake.min(self.reads_not_before);
        }
        // What is due while a sweep runs waits for its end.
        if self.sweep.is_some() { wake.max(Instant::now() + AGAIN) } else { wake }
    }

    fn start_work(&mut self) {
        let now = Instant::now();
        if now >= self.reads_not_before {
            while self.reads.len() < READERS {
                let Some(name) = self.pending.iter().find(|name| !self.reading.contains(*name)).cloned() else { break };
                self.pending.remove(&name);
                self.reading.insert(name.clone());
                let (client, dc) = (Arc::clone(&self.watched.client), Arc::clone(&self.dc));
                self.reads.push(Box::pin(async move {
                    let rows = client.health(&dc, &name).await;
                    (name, rows)
                }));
            }
        }
        if self.sweep.is_none() && now >= self.sweep_not_before {
            let (client, dc) = (Arc::clone(&self.watched.client), Arc::clone(&self.dc));
            if std::mem::take(&mut self.sweep_wanted) {
                self.sweep = Some(Box::pin(sweep::run(client, dc, self.catalog.names().count())));
            } else if now >= self.nodes_at {
                self.sweep = Some(Box::pin(sweep::nodes(client, dc)));
            }
        }
    }

    fn read(&mut self, name: String, rows: Result<Vec<HealthRow>, RegistryError>) -> Result<Vec<WatchEvent>, RegistryError> {
        self.reading.remove(&name);
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => {
                self.bear(Asked::Service(name.clone()), error)?;
                self.reads_not_before = Instant::now() + AGAIN;
                self.pending.insert(name);
                return Ok(Vec::new());
            }
        };
        let asked = Asked::Service(name);
        self.failing.remove(&asked);
        let Asked::Service(name) = asked else { return Ok(Vec::new()) };
        // The catalog says which services there are: one it does not list yet, or no more, is read again when it does.
        if !self.catalog.has(&name) {
            return Ok(Vec::new());
        }
        learn_version(&self.watched.client, &name, &rows);
        Ok(self.view.apply(&name, &rows))
    }

    fn swept(&mut self, swept: Result<Swept, RegistryError>) -> Result<Vec<WatchEvent>, RegistryError> {
        self.sweep = None;
        match swept {
            Ok(swept) => {
                self.failing.remove(&Asked::Sweep);
                self.nodes_at = Instant::now() + NODES_EVERY;
                if !swept.nodes.is_empty() {
                    self.pending.extend(self.view.moved(&swept.nodes));
                }
                match &swept.found {
                    Found::ByNode(listed) => self.pending.extend(self.view.differing(listed)),
                    Found::EveryService => self.pending.extend(self.catalog.names().cloned()),
                    Found::NodesAlone => {}
                }
                self.sweep_not_before = Instant::now() + swept.rest(self.catalog.names().count());
            }
            Err(error) => {
                self.bear(Asked::Sweep, error)?;
                self.sweep_wanted = true;
                self.sweep_not_before = Instant::now() + AGAIN;
            }
        }
        Ok(Vec::new())
    }

    /// Bears a failure that may pass by itself, for a while.
    pub(super) fn bear(&mut self, asked: Asked, error: RegistryError) -> Result<(), RegistryError> {
        let since = *self.failing.entry(asked).or_insert_with(Instant::now);
        if error.is_transient() && since.elapsed() < PATIENCE { Ok(()) } else { Err(error) }
    }
}

/// Waits for the sweep under way; for ever where there is none.
async fn running(sweep: &mut Option<BoxFuture<'static, Result<Swept, RegistryError>>>) -> Result<Swept, RegistryError> {
    match sweep {
        Some(sweep) => sweep.await,
        None => std::future::pending().await,
    }
}

/// The servers register themselves with their version.
pub(super) fn learn_version(client: &Client, name: &str, rows: &[HealthRow]) {
    if name == "consul"
        && let Some(version) = rows.iter().find_map(|row| row.service.meta.get("version"))
    {
        client.state.learn_version(version);
    }
}
