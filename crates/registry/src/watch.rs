//! The events of a watch.

use pilothouse_model::{Instance, InstanceKey, Service, ServiceKey};

/// One step of a watch. The sequence is `Init (InitApply)* InitDone (Apply | Delete | Alive | Init …)*`.
///
/// A watch never ends by itself. An error item says that the view may have gaps from here on; the next item after it, if
/// the stream is polled on, is `Init`.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent {
    /// A whole list begins. What was shown before stays until `InitDone`.
    Init,
    /// One entry of the whole list.
    InitApply(Entry),
    /// The list is whole: swap the view atomically. What it does not hold is gone.
    InitDone,
    /// An entry appeared or changed.
    Apply(Entry),
    /// An entry is gone.
    Delete(EntryKey),
    /// The registry answered and nothing changed: a proof of life.
    Alive,
}

/// What a registry holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A service; also one without instances.
    Service(Service),
    /// An instance of a service.
    Instance(Instance),
}

/// Names an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EntryKey {
    /// A service. Its instances are gone with it.
    Service(ServiceKey),
    /// An instance.
    Instance(InstanceKey),
}

impl Entry {
    /// Its name.
    #[must_use]
    pub fn key(&self) -> EntryKey {
        match self {
            Self::Service(service) => EntryKey::Service(service.key.clone()),
            Self::Instance(instance) => EntryKey::Instance(instance.key.clone()),
        }
    }
}
