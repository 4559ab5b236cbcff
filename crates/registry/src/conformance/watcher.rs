//! A reader of a watch that insists on its grammar.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;
use pilothouse_model::{Instance, ServiceKey};
use tokio::time::{Instant, timeout_at};

use crate::{Entry, EntryKey, Registry, RegistryError, WatchEvent};

type Entries = HashMap<EntryKey, Entry>;

/// Follows a watch and panics where it breaks its contract: `Init (InitApply)* InitDone (Apply | Delete | Alive)*`, a
/// service before its instances, nothing twice in a list, nothing deleted that was not there.
pub struct Watcher {
    stream: BoxStream<'static, Result<WatchEvent, RegistryError>>,
    view: Entries,
    list: Option<Entries>,
    lists: usize,
    after_error: bool,
}

impl Watcher {
    /// Starts to watch.
    #[must_use]
    pub fn new(registry: &Arc<dyn Registry>) -> Self {
        Self { stream: Arc::clone(registry).watch(), view: Entries::new(), list: None, lists: 0, after_error: true }
    }

    /// Takes one item of the stream; hands out the error, if it is one.
    ///
    /// # Panics
    /// Where the contract is broken.
    pub async fn step(&mut self) -> Result<(), RegistryError> {
        let item = self.stream.next().await.expect("a watch never ends");
        if std::mem::take(&mut self.after_error) {
            assert!(matches!(item, Ok(WatchEvent::Init) | Err(_)), "a watch begins, and goes on after an error, with Init: {item:?}");
        }
        match item {
            Err(error) => {
                (self.list, self.after_error) = (None, true);
                return Err(error);
            }
            Ok(WatchEvent::Init) => {
                assert!(self.list.is_none(), "Init inside a list");
                self.list = Some(Entries::new());
            }
            Ok(WatchEvent::InitApply(entry)) => {
                let list = self.list.as_mut().expect("InitApply outside a list");
                follows_its_service(list, &entry);
                assert!(list.insert(entry.key(), entry.clone()).is_none(), "twice in one list: {entry:?}");
            }
            Ok(WatchEvent::InitDone) => {
                self.view = self.list.take().expect("InitDone outside a list");
                self.lists += 1;
            }
            Ok(WatchEvent::Apply(entry)) => {
                assert!(self.list.is_none(), "Apply inside a list");
                follows_its_service(&self.view, &entry);
                self.view.insert(entry.key(), entry);
            }
            Ok(WatchEvent::Delete(key)) => {
                assert!(self.list.is_none(), "Delete inside a list");
                assert!(self.view.remove(&key).is_some(), "deleted what was not there: {key:?}");
                if let EntryKey::Service(service) = key {
                    self.view.retain(|_, entry| !matches!(entry, Entry::Instance(instance) if instance.key.service == service));
                }
            }
            Ok(WatchEvent::Alive) => assert!(self.list.is_none(), "Alive inside a list"),
        }
        Ok(())
    }

    /// Reads on until the view is whole and `condition` holds.
    ///
    /// # Panics
    /// When that takes longer than `patience`, or the watch fails meanwhile.
    pub async fn until(&mut self, what: &str, patience: Duration, mut condition: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + patience;
        while self.lists == 0 || !condition(self) {
            match timeout_at(deadline, self.step()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => panic!("the watch failed while waiting until {what}: {error}"),
                Err(_) => panic!("{} ms were not enough until {what}", patience.as_millis()),
            }
        }
    }

    /// Reads on until the watch fails; hands out the error.
    ///
    /// # Panics
    /// When that takes longer than `patience`.
    pub async fn error(&mut self, patience: Duration) -> RegistryError {
        let deadline = Instant::now() + patience;
        loop {
            match timeout_at(deadline, self.step()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return error,
                Err(_) => panic!("{} ms were not enough for an error", patience.as_millis()),
            }
        }
    }

    /// Reads on for a while, whatever comes; returns the errors.
    pub async fn for_a_while(&mut self, length: Duration) -> Vec<RegistryError> {
        let deadline = Instant::now() + length;
        let mut errors = Vec::new();
        while let Ok(step) = timeout_at(deadline, self.step()).await {
            errors.extend(step.err());
        }
        errors
    }

    /// The instances shown of a service, by address.
    #[must_use]
    pub fn instances(&self, service: &ServiceKey) -> Vec<Instance> {
        let mut found: Vec<_> = self
            .view
            .values()
            .filter_map(|entry| match entry {
                Entry::Instance(instance) if instance.key.service == *service => Some(instance.clone()),
                _ => None,
            })
            .collect();
        found.sort_by_key(|instance| (instance.port, instance.host.clone()));
        found
    }

    /// Whether a service is shown.
    #[must_use]
    pub fn shows(&self, service: &ServiceKey) -> bool {
        self.view.contains_key(&EntryKey::Service(service.clone()))
    }

    /// Whole lists so far.
    #[must_use]
    pub fn lists(&self) -> usize {
        self.lists
    }
}

fn follows_its_service(entries: &Entries, entry: &Entry) {
    if let Entry::Instance(instance) = entry {
        let service = EntryKey::Service(instance.key.service.clone());
        assert!(entries.contains_key(&service), "an instance without its service: {instance:?}");
    }
}
