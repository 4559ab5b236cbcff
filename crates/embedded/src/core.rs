//! The shared state behind every request, and the one way to change what survives a restart:
//! decide under the gate, write it down, then apply it.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use futures::future::join_all;
use parking_lot::RwLock;
use tokio::sync::{Mutex, Semaphore};

use crate::clock::Clock;
use crate::config::{ConfigError, ConfigKey, ConfigRecord, Configs};
use crate::long_poll::LongPolls;
use crate::namespace::{NamespaceRecord, Namespaces};
use crate::naming::{Naming, NamingError, NamingRecord, ServiceKey};
use crate::persist::{Image, Journal, JournalError, Record};
use crate::push::Pushes;

/// Large request bodies read at the same time; others wait.
const LARGE_BODIES: usize = 4;

/// A change that was refused, or that could not be made durable.
#[derive(Clone, Debug)]
pub(crate) enum ChangeError<E> {
    Refused(E),
    NotDurable(JournalError),
}

/// Everything a request can reach.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) naming: RwLock<Naming>,
    pub(crate) configs: RwLock<Configs>,
    pub(crate) namespaces: RwLock<Namespaces>,
    pub(crate) polls: LongPolls,
    pub(crate) pushes: Pushes,
    pub(crate) large_bodies: Semaphore,
    /// Where it listens, once it does.
    pub(crate) address: OnceLock<SocketAddr>,
    journal: Journal,
    // One change of a kind at a time: what was decided must still hold when it is applied.
    naming_gate: Mutex<()>,
    config_gate: Mutex<()>,
    namespace_gate: Mutex<()>,
}

impl Core {
    pub(crate) fn new(clock: Arc<dyn Clock>, journal: Journal, image: Image) -> Self {
        Self {
            clock,
            naming: RwLock::new(image.naming),
            configs: RwLock::new(image.configs),
            namespaces: RwLock::new(image.namespaces),
            polls: LongPolls::default(),
            pushes: Pushes::default(),
            large_bodies: Semaphore::new(LARGE_BODIES),
            address: OnceLock::new(),
            journal,
            naming_gate: Mutex::default(),
            config_gate: Mutex::default(),
            namespace_gate: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Tells whoever listens that the lists of a service differ now.
    pub(crate) fn touched(&self, key: &ServiceKey) {
        self.pushes.changed(key);
    }

    /// Changes durable naming state; says which records were applied.
    pub(crate) async fn change_naming<D>(self: &Arc<Self>, decide: D) -> Result<Vec<NamingRecord>, ChangeError<NamingError>>
    where
        D: FnOnce(&Naming) -> Result<Vec<NamingRecord>, NamingError> + Send + 'static,
    {
        let core = Arc::clone(self);
        uncancelled(async move {
            let _gate = core.naming_gate.lock().await;
            let records = decide(&core.naming.read()).map_err(ChangeError::Refused)?;
            let written = join_all(records.iter().map(|record| core.journal.append(Record::Naming(record.clone())))).await;
            let now = core.now();
            let mut failed = None;
            let mut applied = Vec::with_capacity(records.len());
            for (record, written) in records.into_iter().zip(written) {
                match written {
                    Ok(()) => {
                        core.naming.write().apply(record.clone(), now);
                        core.touched(record.key());
                        applied.push(record);
                    }
                    Err(error) => failed = Some(error),
                }
            }
            failed.map_or(Ok(applied), |error| Err(ChangeError::NotDurable(error)))
        })
        .await
    }

    /// Changes durable config state; says whether there was anything to change.
    pub(crate) async fn change_config<D>(self: &Arc<Self>, key: ConfigKey, decide: D) -> Result<bool, ChangeError<ConfigError>>
    where
        D: FnOnce(&Configs, i64) -> Result<Option<ConfigRecord>, ConfigError> + Send + 'static,
    {
        let core = Arc::clone(self);
        uncancelled(async move {
            let _gate = core.config_gate.lock().await;
            let decided = decide(&core.configs.read(), core.now()).map_err(ChangeError::Refused)?;
            let Some(record) = decided else { return Ok(false) };
            core.journal.append(Record::Config(record.clone())).await.map_err(ChangeError::NotDurable)?;
            core.configs.write().apply(record);
            core.polls.changed(&key, &core.configs);
            Ok(true)
        })
        .await
    }

    /// Changes the namespaces; says whether there was anything to change.
    pub(crate) async fn change_namespaces<D>(self: &Arc<Self>, decide: D) -> Result<bool, JournalError>
    where
        D: FnOnce(&Namespaces) -> Option<NamespaceRecord> + Send + 'static,
    {
        let core = Arc::clone(self);
        let changed = uncancelled(async move {
            let _gate = core.namespace_gate.lock().await;
            let decided = decide(&core.namespaces.read());
            let Some(record) = decided else { return Ok(false) };
            core.journal.append(Record::Namespace(record.clone())).await.map_err(ChangeError::<()>::NotDurable)?;
            core.namespaces.write().apply(record);
            Ok(true)
        });
        changed.await.map_err(|error| match error {
            ChangeError::NotDurable(error) => error,
            ChangeError::Refused(()) => JournalError::Closed,
        })
    }
}

/// Runs a change to its end even when the request that asked for it is dropped, so that nothing can be durable and
/// not applied.
async fn uncancelled<T, E, F>(change: F) -> Result<T, ChangeError<E>>
where
    T: Send + 'static,
    E: Send + 'static,
    F: Future<Output = Result<T, ChangeError<E>>> + Send + 'static,
{
    // It is not aborted by anyone, so it ends early only with the runtime itself.
    tokio::spawn(change).await.unwrap_or(Err(ChangeError::NotDurable(JournalError::Closed)))
}
