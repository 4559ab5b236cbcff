//! The hub: starts the tasks, and is the handle to everything they hold.

use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use pilothouse_api::Topic;
use pilothouse_console::Rights;
use pilothouse_console::ports::{Clock, Fleet, Ids, Ledger, Operators};
use pilothouse_registry::Registry;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::beats::read_beats;
use crate::fleet::{self, FleetState, Interest, RegistryState, Shared};
use crate::journal::{Cursor, Journal};
use crate::operators::RegistryOperators;
use crate::recorder::{Recorder, RecorderStatus, record};
use crate::stream::{LiveStream, OpenError, Opening, SetTopicsError, Streams, UnknownStream};
use crate::supervisor::supervise;

/// Events waiting for the fleet task.
const INPUTS: usize = 4_096;

/// One registry to watch.
pub struct RegistrySpec {
    /// Name for people.
    pub name: String,
    /// Freshness bound in milliseconds.
    pub bound_ms: i64,
    /// How it is reached.
    pub adapter: Arc<dyn Registry>,
}

/// What the hub is told about the program it runs in.
pub struct HubConfig {
    /// Build of the server.
    pub build: String,
    /// Epoch of the journal: random per process, letters and digits.
    pub epoch: String,
}

/// What the hub needs from others.
pub struct HubParts {
    /// Where facts go, and where the last good view comes from.
    pub ledger: Arc<dyn Ledger>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Names of streams.
    pub ids: Arc<dyn Ids>,
}

/// A task and its name.
type Task = (String, JoinHandle<()>);

/// The running hub. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
    streams: Arc<Streams>,
    operators: Arc<RegistryOperators>,
    recorder: Recorder,
    ids: Arc<dyn Ids>,
    build: Arc<str>,
    stop_streams: CancellationToken,
    stop: CancellationToken,
    stop_recorder: CancellationToken,
    tasks: Arc<Mutex<Vec<Task>>>,
}

impl Hub {
    /// Shows the last good view from the ledger, then starts to watch. A ledger that fails is logged and starts empty: the
    /// console shows the present without its past rather than nothing.
    pub async fn start(config: HubConfig, parts: HubParts, registries: Vec<RegistrySpec>) -> Self {
        let HubParts { ledger, clock, ids } = parts;
        let adapters = registries.iter().map(|spec| (spec.adapter.id().clone(), Arc::clone(&spec.adapter))).collect();
        let states = registries.into_iter().map(|spec| RegistryState::new(spec.name, spec.bound_ms, spec.adapter));
        let mut state = FleetState::new(states);
        let now = clock.now();
        match ledger.fleet_at(now).await {
            Ok(past) => state.seed(past, now),
            Err(error) => tracing::error!(%error, "the last good view cannot be read"),
        }
        let shared = Arc::new(Shared {
            state: RwLock::new(state),
            journal: Journal::new(&config.epoch),
            interest: Interest::default(),
            clock: Arc::clone(&clock),
        });
        shared.state.write().commit(&shared.journal, &shared.interest, now);

        let (inputs, queue) = mpsc::channel(INPUTS);
        let (recorder, records) = Recorder::channel();
        let hub = Self {
            operators: Arc::new(RegistryOperators { adapters, inputs: inputs.clone() }),
            streams: Arc::default(),
            recorder: recorder.clone(),
            ids,
            build: config.build.into(),
            stop_streams: CancellationToken::new(),
            stop: CancellationToken::new(),
            stop_recorder: CancellationToken::new(),
            tasks: Arc::default(),
            shared: Arc::clone(&shared),
        };
        hub.spawn("fleet", fleet::run(Arc::clone(&shared), queue, recorder.clone(), hub.stop.clone()));
        hub.spawn("recorder", record(ledger, recorder, records, Arc::clone(&clock), hub.stop_recorder.clone()));
        for adapter in hub.operators.adapters.values() {
            let id = adapter.id().clone();
            hub.spawn(format!("watch {id}"), supervise(Arc::clone(adapter), inputs.clone(), Arc::clone(&clock), hub.stop.clone()));
            let on_screen = {
                let (shared, id) = (Arc::clone(&shared), id.clone());
                move || shared.state.read().followed_in(&id, &shared.interest)
            };
            hub.spawn(
                format!("beats {id}"),
                read_beats(Arc::clone(adapter), on_screen, shared.interest.grown(), inputs.clone(), Arc::clone(&clock), hub.stop.clone()),
            );
        }
        hub
    }

    fn spawn(&self, name: impl Into<String>, task: impl Future<Output = ()> + Send + 'static) {
        let name = name.into();
        let span = tracing::info_span!("task", name);
        self.tasks.lock().push((name, tokio::spawn(tracing::Instrument::instrument(task, span))));
    }

    /// What is known now.
    #[must_use]
    pub fn fleet(&self) -> Arc<dyn Fleet> {
        Arc::clone(&self.shared) as Arc<dyn Fleet>
    }

    /// The registries, for writing.
    #[must_use]
    pub fn operators(&self) -> Arc<dyn Operators> {
        Arc::clone(&self.operators) as Arc<dyn Operators>
    }

    /// How writing the ledger goes.
    #[must_use]
    pub fn recorder(&self) -> RecorderStatus {
        self.recorder.status()
    }

    /// Streams that are open.
    #[must_use]
    pub fn open_streams(&self) -> usize {
        self.streams.count()
    }

    /// Names of tasks that ended although nobody stopped them. Empty in a healthy hub.
    #[must_use]
    pub fn dead_tasks(&self) -> Vec<String> {
        if self.stop.is_cancelled() {
            return Vec::new();
        }
        let tasks = self.tasks.lock();
        // A registry that tells no beats ends its beat task at once, on purpose.
        tasks.iter().filter(|(name, task)| task.is_finished() && !name.starts_with("beats ")).map(|(name, _)| name.clone()).collect()
    }

    /// Opens a stream.
    pub fn stream(&self, rights: Rights, topics: Vec<Topic>, cursor: Option<&Cursor>) -> Result<LiveStream, OpenError> {
        let opening = Opening { id: self.ids.next(), build: &self.build, rights, topics, cursor };
        LiveStream::open(Arc::clone(&self.shared), Arc::clone(&self.streams), self.stop_streams.clone(), opening)
    }

    /// Changes what a stream follows. `Ok(Err(_))`: the stream is not open here.
    pub fn set_topics(&self, stream: &str, rights: &Rights, topics: Vec<Topic>) -> Result<Result<(), UnknownStream>, OpenError> {
        match self.streams.set_topics(stream, rights, topics) {
            Ok(()) => Ok(Ok(())),
            Err(SetTopicsError::Unknown(unknown)) => Ok(Err(unknown)),
            Err(SetTopicsError::Topics(error)) => Err(error),
        }
    }

    /// Ends every stream with `bye`. The fleet goes on.
    pub fn end_streams(&self) {
        self.stop_streams.cancel();
    }

    /// Stops watching, writes what waits into the ledger, and returns when every task has ended.
    pub async fn stop(&self) {
        self.end_streams();
        self.stop.cancel();
        let (recorder, others): (Vec<_>, Vec<_>) = self.tasks.lock().drain(..).partition(|(name, _)| name == "recorder");
        for (name, task) in others {
            if let Err(error) = task.await {
                tracing::error!(task = name, %error, "a task did not end well");
            }
        }
        self.stop_recorder.cancel();
        for (_, task) in recorder {
            if let Err(error) = task.await {
                tracing::error!(%error, "the recorder did not end well");
            }
        }
    }
}
