//! The whole list a watch begins with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use super::Watched;
use super::follower::{Follower, NODES_EVERY, READERS, learn_version};
use crate::consul::changes::{Catalog, Criticals};
use crate::consul::cursor::Cursor;
use crate::consul::view::View;
use crate::{RegistryError, WatchEvent};

impl Follower {
    /// Reads everything. The lists are read before the services, so that whatever changes meanwhile moves an index
    /// behind the one that is followed from.
    pub(super) async fn begin(watched: &Watched) -> Result<(Self, Vec<WatchEvent>), RegistryError> {
        let client = &watched.client;
        let dc: Arc<str> = match &watched.datacenter {
            Some(named) => named.as_str().into(),
            None => client.own_datacenter().await?.into(),
        };
        let (services, criticals) = futures::try_join!(
            client.services(&dc, Cursor::default(), watched.wait),
            client.critical(&dc, Cursor::default(), watched.wait)
        )?;
        let now = Instant::now();
        let mut follower = Self {
            watched: watched.clone(),
            view: View::new(View::scope_of(&watched.registry, &dc)),
            dc: Arc::clone(&dc),
            catalog: Catalog::default(),
            criticals: Criticals::default(),
            services_at: Cursor::default(),
            criticals_at: Cursor::default(),
            polls: FuturesUnordered::new(),
            pending: BTreeSet::new(),
            reading: BTreeSet::new(),
            reads: FuturesUnordered::new(),
            reads_not_before: now,
            sweep: None,
            sweep_wanted: false,
            sweep_not_before: now,
            nodes_at: now + NODES_EVERY,
            failing: BTreeMap::new(),
        };
        follower.services_at.answered(services.index);
        follower.criticals_at.answered(criticals.index);
        follower.criticals.take(criticals.rows);
        let names = follower.catalog.take(services.rows).changed;
        let read = |name: String| {
            let (client, dc) = (Arc::clone(client), Arc::clone(&dc));
            async move { client.health(&dc, &name).await.map(|rows| (name, rows)) }
        };
        let mut whole = Vec::new();
        let mut reads = stream::iter(names.into_iter().map(read)).buffer_unordered(READERS);
        while let Some((name, rows)) = reads.try_next().await? {
            learn_version(client, &name, &rows);
            whole.extend(follower.view.apply(&name, &rows));
        }
        drop(reads);
        follower.poll_services(Duration::ZERO);
        follower.poll_criticals(Duration::ZERO);
        client.state.set_following(true);
        Ok((follower, whole))
    }
}
