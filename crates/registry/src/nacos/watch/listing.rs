//! The whole list at the beginning of a watch.

use std::collections::VecDeque;
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use pilothouse_model::{Namespace, ServiceKey, SourceProblem};
use tokio::time::Instant;

use super::super::NacosRegistry;
use super::super::read::{Counts, CountsFrom};
use super::super::session::Server;
use super::job::{Job, JobDone};
use super::push::Push;
use super::reads::CONCURRENT;
use super::round::Round;
use super::view::View;
use crate::{Entry, RegistryError, WatchEvent};

/// Reads every service of every namespace, eight at a time.
pub(super) struct Listing {
    round: Round,
    waiting: VecDeque<ServiceKey>,
    jobs: FuturesUnordered<Job>,
}

impl Listing {
    /// Finds out whom we talk to and which services there are.
    pub(super) async fn begin(registry: Arc<NacosRegistry>) -> Result<Self, RegistryError> {
        let server = registry.session().connect().await?;
        let namespaces = registry.namespaces(&server).await?;
        registry.refresh_clients(&server).await?;
        let mut problems = Vec::new();
        if namespaces.list_forbidden {
            problems.push(SourceProblem::Forbidden { what: "the list of namespaces".into() });
        }
        let push = open_push(&registry, &server).await;
        let mut view = View::default();
        let mut waiting = VecDeque::new();
        let mut sides = Vec::new();
        for namespace in namespaces.all {
            let counts = Counts::read(registry.session(), server.plane, registry.slug(), &namespace).await?;
            let from = counts.from;
            problems.extend(problem(from, &namespace));
            waiting.extend(view.compare_counts(&namespace, counts));
            sides.push((namespace, from));
        }
        registry.set_problems(problems);
        let round = Round::new(registry, server, sides, view, push, Instant::now());
        Ok(Self { round, waiting, jobs: FuturesUnordered::new() })
    }

    /// The entries of the next service; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<Entry>, RegistryError>> {
        while self.jobs.len() < CONCURRENT
            && let Some(key) = self.waiting.pop_front()
        {
            self.jobs.push(self.round.job(key));
        }
        let JobDone { key, subscribed, reading } = self.jobs.next().await?;
        let reading = match reading {
            Ok(reading) => reading,
            Err(error) => return Some(Err(error)),
        };
        self.round.remember_subscription(&key, subscribed, Instant::now());
        let entry = |event| match event {
            WatchEvent::Apply(entry) => Some(entry),
            _ => None,
        };
        Some(Ok(self.round.take(&key, reading).into_iter().filter_map(entry).collect()))
    }

    /// What goes on from here.
    pub(super) fn finish(self) -> Round {
        let mut round = self.round;
        round.begin(Instant::now());
        round
    }
}

/// What a closed list means for the page.
pub(super) fn problem(from: CountsFrom, namespace: &Namespace) -> Option<SourceProblem> {
    match from {
        CountsFrom::Catalog => None,
        CountsFrom::Names => {
            Some(SourceProblem::ProtectedView { what: format!("reading services of namespace {namespace} through the admin API") })
        }
        CountsFrom::Forbidden => Some(SourceProblem::Forbidden { what: format!("the services of namespace {namespace}") }),
    }
}

/// Opens the socket where push is wanted. A port that cannot be opened does without push, and the report says so.
async fn open_push(registry: &NacosRegistry, server: &Server) -> Option<Push> {
    let address = registry.config().push_address.filter(|_| server.plane.may_have_client_paths())?;
    let push = Push::open(address).await;
    registry.note_push(push.as_ref().err());
    push.ok()
}
