//! What goes on after the whole list: the one place where hints, polls, renewals and readings meet.

use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use pilothouse_model::{Namespace, ServiceKey};
use tokio::time::{Instant, sleep_until};

use super::super::NacosRegistry;
use super::super::read::{CountsFrom, Reading};
use super::super::session::Server;
use super::job::{Job, JobDone, Means, job};
use super::pace::{Pace, Poll, SWEEP, renewal_interval};
use super::poll::{Also, List, Polled, poll};
use super::proof::{Proof, long_poll};
use super::push::{Push, Subscribed, subscribe};
use super::reads::{Reads, Why};
use super::stroll::Stroll;
use super::view::View;
use crate::{RegistryError, WatchEvent};

/// Polls after which namespaces and clients are listed again.
const RARELY: u32 = 10;
/// Changes in a row that a sweep found before any push did: then the subscriptions are lost, and made anew.
const DEAF: u32 = 3;

/// What a step brought.
pub(super) enum Step {
    /// Events.
    Told(Vec<WatchEvent>),
    /// The ground has changed: a whole list is due.
    ListAgain,
}

type Renewed = (ServiceKey, Option<Subscribed>);
type Asked<T> = Option<BoxFuture<'static, Result<T, RegistryError>>>;

/// The state of a watch between two steps. Dropping it stops everything it started.
pub(super) struct Round {
    registry: Arc<NacosRegistry>,
    server: Server,
    /// The namespaces, and from which side each is read.
    sides: Vec<(Namespace, CountsFrom)>,
    view: View,
    push: Option<Push>,
    pace: Pace,
    reads: Reads,
    jobs: FuturesUnordered<Job>,
    /// Changes that no push had told since the last push.
    missed: u32,
    has_long_poll: bool,
    proof: Asked<Proof>,
    polling: Asked<Polled>,
    polls: u32,
    renewing: Asked<Renewed>,
    next_renewal: Instant,
    stroll: Option<Stroll>,
}

impl Round {
    pub(super) fn new(
        registry: Arc<NacosRegistry>,
        server: Server,
        sides: Vec<(Namespace, CountsFrom)>,
        view: View,
        push: Option<Push>,
        now: Instant,
    ) -> Self {
        let pace = Pace {
            freshness_bound: registry.config().freshness_bound,
            namespaces: u32::try_from(sides.len()).unwrap_or(u32::MAX).max(1),
            services: 0,
            last_change: now,
            last_poll: now,
            last_sweep: now,
        };
        Self {
            has_long_poll: server.plane.may_have_client_paths(),
            registry,
            server,
            sides,
            view,
            push,
            pace,
            reads: Reads::default(),
            jobs: FuturesUnordered::new(),
            missed: 0,
            proof: None,
            polling: None,
            polls: 0,
            renewing: None,
            next_renewal: now,
            stroll: None,
        }
    }

    /// The whole list is read: the clocks start.
    pub(super) fn begin(&mut self, now: Instant) {
        (self.pace.last_change, self.pace.last_poll, self.pace.last_sweep) = (now, now, now);
        self.next_renewal = now + renewal_interval(self.registry.config().kind);
        self.registry.set_pushing(self.pushes(), self.pace.namespaces);
    }

    /// Waits for the next thing that happens. May be dropped at any await: what was under way goes on with the next step.
    pub(super) async fn step(&mut self) -> Result<Step, RegistryError> {
        let wake = self.start_what_is_due(Instant::now());
        tokio::select! {
            hint = async { match &mut self.push { Some(push) => push.hint().await, None => std::future::pending().await } } => {
                self.missed = 0;
                let services = self.push.as_mut().map(|push| push.take(&hint, Instant::now())).unwrap_or_default();
                services.into_iter().for_each(|key| self.reads.ask(key, Why::Hinted));
                Ok(Step::Told(Vec::new()))
            }
            Some(done) = self.jobs.next(), if !self.jobs.is_empty() => self.read(done, Instant::now()),
            proof = ended(&mut self.proof) => {
                self.proof = None;
                self.has_long_poll = proof? == Proof::Alive;
                Ok(Step::Told(vec![WatchEvent::Alive]))
            }
            polled = ended(&mut self.polling) => {
                self.polling = None;
                Ok(self.compare(polled?, Instant::now()))
            }
            renewed = ended(&mut self.renewing) => {
                self.renewing = None;
                self.renewed(renewed?, Instant::now());
                Ok(Step::Told(vec![WatchEvent::Alive]))
            }
            () = sleep_until(wake) => Ok(Step::Told(Vec::new())),
        }
    }

    /// A future that reads a service.
    pub(super) fn job(&self, key: ServiceKey) -> Job {
        let means = Means {
            registry: Arc::clone(&self.registry),
            server: self.server.clone(),
            from: self.side(&key.scope.namespace).unwrap_or(CountsFrom::Catalog),
            clusters: self.view.clusters(&key),
            push_to: self.push.as_ref().filter(|push| !push.is_subscribed(&key)).map(Push::address),
        };
        job(key, means)
    }

    /// Takes in a reading and says what changed.
    pub(super) fn take(&mut self, key: &ServiceKey, reading: Option<Reading>) -> Vec<WatchEvent> {
        self.view.take(key, reading)
    }

    pub(super) fn remember_subscription(&mut self, key: &ServiceKey, subscribed: Option<Subscribed>, now: Instant) {
        let (Some(push), Some(subscribed)) = (&mut self.push, subscribed) else { return };
        if !push.subscribed(key, subscribed, now) {
            // Another server took it: the others know nothing of it, and what they did not push was missed.
            self.view.keys().filter(|other| *other != key).for_each(|other| self.reads.ask(other.clone(), Why::Due));
        }
    }

    fn side(&self, namespace: &Namespace) -> Option<CountsFrom> {
        self.sides.iter().find(|(name, _)| name == namespace).map(|(_, from)| *from)
    }

    /// Whether pushes arrive. Without any service, nothing could be pushed.
    fn pushes(&self) -> bool {
        self.push.as_ref().is_some_and(Push::is_proven) && self.view.len() > 0
    }

    /// Starts whatever is due, and says when something else will be.
    fn start_what_is_due(&mut self, now: Instant) -> Instant {
        if let Some(key) = self.stroll.as_mut().and_then(|stroll| stroll.next(now)) {
            self.reads.ask(key, Why::Due);
        }
        while let Some(key) = self.reads.start(now) {
            self.jobs.push(self.job(key));
        }
        self.pace.services = u32::try_from(self.view.len()).unwrap_or(u32::MAX);
        let pushes = self.pushes();
        self.registry.set_pushing(pushes, self.pace.namespaces);
        // With pushes, a long poll is the proof of life. Without, the polls are.
        let proven = pushes && self.has_long_poll;
        if proven && self.proof.is_none() {
            self.proof = Some(self.long_poll());
        }
        if self.polling.is_none() && now >= self.pace.due(proven) {
            let rarely = self.polls % RARELY == RARELY - 1;
            // Where things change a namespace may be new, too: a fleet that starts makes its own.
            let also = Also { namespaces: rarely || self.pace.lively(), clients: rarely || self.view.has_unclassified() };
            let what = self.pace.what(proven, now);
            self.polling = Some(Box::pin(poll(Arc::clone(&self.registry), self.server.clone(), self.sides.clone(), what, also)));
            self.polls = self.polls.wrapping_add(1);
        }
        if self.renewing.is_none() && now >= self.next_renewal {
            self.next_renewal = now + renewal_interval(self.registry.config().kind);
            self.renewing = self.renewal();
        }
        let poll = self.polling.is_none().then(|| self.pace.due(proven));
        let renewal = (self.push.is_some() && self.renewing.is_none()).then_some(self.next_renewal);
        let stroll = self.stroll.as_ref().and_then(Stroll::due);
        [poll, renewal, stroll, self.reads.wake_at()].into_iter().flatten().fold(now + SWEEP, Instant::min)
    }

    fn long_poll(&self) -> BoxFuture<'static, Result<Proof, RegistryError>> {
        let (registry, plane) = (Arc::clone(&self.registry), self.server.plane);
        let open = self.sides.iter().find(|(_, from)| *from != CountsFrom::Forbidden);
        let namespace = open.map_or_else(|| Namespace::new(""), |(namespace, _)| namespace.clone());
        Box::pin(async move { long_poll(registry.session(), plane, &namespace).await })
    }

    /// One renewal keeps every subscription of our address alive; services take turns, which checks each of them.
    fn renewal(&self) -> Asked<Renewed> {
        let push = self.push.as_ref()?;
        let key = push.to_renew(self.view.keys())?;
        let (registry, address) = (Arc::clone(&self.registry), push.address());
        Some(Box::pin(async move {
            let subscribed = subscribe(registry.session(), &key, address).await?;
            Ok((key, subscribed))
        }))
    }

    fn read(&mut self, done: JobDone, now: Instant) -> Result<Step, RegistryError> {
        let JobDone { key, subscribed, reading } = done;
        let reading = reading?;
        self.remember_subscription(&key, subscribed, now);
        let mut events = self.take(&key, reading);
        let changed = !events.is_empty();
        let why = self.reads.end(&key, changed, now);
        if changed {
            self.pace.last_change = now;
            self.missed += u32::from(why == Why::Swept);
        } else {
            events.push(WatchEvent::Alive);
        }
        // The next list reads again what this reading brought: nothing is lost.
        Ok(if self.missed >= DEAF { Step::ListAgain } else { Step::Told(events) })
    }

    fn compare(&mut self, polled: Polled, now: Instant) -> Step {
        self.pace.last_poll = now;
        let sweep = polled.what == Poll::Sweep;
        if sweep {
            self.pace.last_sweep = now;
        }
        for (namespace, list) in polled.lists {
            match list {
                List::Counts(counts) if self.side(&namespace) != Some(counts.from) => return Step::ListAgain,
                List::Counts(counts) => {
                    // Names alone show nothing of instances: a sweep of a protected view reads every service.
                    let all = (sweep && counts.from == CountsFrom::Names).then(|| counts.rows.keys().cloned().collect::<Vec<_>>());
                    let suspects = self.view.compare_counts(&namespace, counts);
                    suspects.into_iter().chain(all.unwrap_or_default()).for_each(|key| self.reads.ask(key, Why::Due));
                }
                List::Members(members) => {
                    for key in self.view.compare_members(&namespace, &members) {
                        let pushed = self.push.as_ref().is_some_and(|push| push.is_proven() && push.is_subscribed(&key));
                        self.reads.ask(key, if pushed { Why::Swept } else { Why::Due });
                    }
                }
                List::NoMembers if self.stroll.as_ref().is_none_or(|stroll| stroll.due().is_none()) => {
                    self.stroll = Some(Stroll::over(self.view.keys(), now));
                }
                List::NoMembers => {}
            }
        }
        let others = polled.namespaces.is_some_and(|namespaces| !namespaces.all.iter().eq(self.sides.iter().map(|(name, _)| name)));
        if others {
            return Step::ListAgain;
        }
        let mut events = Vec::new();
        if polled.clients {
            self.registry.classify_clients(self.view.instances());
            events = self.view.classify(|instance| self.registry.via(&instance.key.instance.0));
        }
        if events.is_empty() {
            events.push(WatchEvent::Alive);
        }
        Step::Told(events)
    }

    fn renewed(&mut self, (key, subscribed): Renewed, now: Instant) {
        let Some(subscribed) = subscribed else {
            // It pushes no more.
            self.push = None;
            return;
        };
        if self.view.differs_for_consumers(&key, subscribed.hosts, subscribed.protected) {
            self.reads.ask(key.clone(), Why::Due);
        }
        self.remember_subscription(&key, Some(subscribed), now);
    }
}

async fn ended<T>(asked: &mut Asked<T>) -> Result<T, RegistryError> {
    match asked {
        Some(asked) => asked.await,
        None => std::future::pending().await,
    }
}
