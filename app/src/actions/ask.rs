//! What a person asks for: an action, and the instances it shall touch.

use std::sync::Arc;

use pilothouse_api::{InstanceRow, ServiceAnswer};
use pilothouse_model::{InstanceCapabilities, RegistryKind, Scope, ServiceKey};

/// An action on instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Another weight.
    Weight,
    /// Out of rotation, still registered.
    Drain,
    /// Back into rotation.
    Restore,
    /// Other metadata.
    Metadata,
    /// Out of the registry.
    Deregister,
}

/// Where the instances live, as a dialog names it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// The service.
    pub(crate) service: ServiceKey,
    /// The registry's protocol, when it is known here.
    pub(crate) kind: Option<RegistryKind>,
    /// What its registry can do.
    pub(crate) can: InstanceCapabilities,
    /// Instances of the service that are in rotation now.
    pub(crate) in_rotation: usize,
    /// Instances of the service that are there.
    pub(crate) total: usize,
    /// Its protect threshold.
    pub(crate) threshold: Option<f64>,
}

/// One instance an action shall touch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// Where it lives.
    pub(crate) place: Arc<Place>,
    /// The instance as it was when the dialog was asked for.
    pub(crate) row: Arc<InstanceRow>,
}

/// An action before it is confirmed. It has at least one target; targets of one service follow each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ask {
    /// What.
    pub(crate) action: Action,
    /// On which instances.
    pub(crate) targets: Vec<Target>,
}

impl Ask {
    /// An action on those of `rows` that are there and whose registry offers it; `None` when that is nobody.
    pub(crate) fn on(action: Action, place: Place, rows: impl IntoIterator<Item = Arc<InstanceRow>>) -> Option<Self> {
        let place = Arc::new(place);
        let able = |row: &Arc<InstanceRow>| row.gone.is_none() && place.can_do(action);
        let targets: Vec<_> = rows.into_iter().filter(able).map(|row| Target { place: Arc::clone(&place), row }).collect();
        (!targets.is_empty()).then_some(Self { action, targets })
    }

    /// The targets, a service at a time.
    pub(crate) fn by_service(&self) -> impl Iterator<Item = &[Target]> {
        self.targets.chunk_by(|a, b| a.place.service == b.place.service)
    }

    /// The place of all targets; `None` when they are of several services.
    pub(crate) fn only_place(&self) -> Option<&Place> {
        let mut services = self.by_service();
        let first = services.next()?.first()?;
        services.next().is_none().then_some(&*first.place)
    }
}

impl Place {
    /// The place of a service, as its page knows it.
    pub(crate) fn of(answer: &ServiceAnswer, kind: Option<RegistryKind>) -> Self {
        let row = &answer.row;
        let scope = Scope { registry: row.registry.clone(), namespace: row.namespace.clone(), group: row.group.clone() };
        let there = || answer.instances.iter().filter(|row| row.gone.is_none());
        Self {
            service: ServiceKey { scope, name: row.name.clone() },
            kind,
            can: answer.capabilities.instances,
            in_rotation: there().filter(|row| crate::pages::in_rotation(row)).count(),
            total: there().count(),
            threshold: answer.service.as_ref().and_then(|service| service.protect_threshold),
        }
    }

    /// Whether the registry can do this at all.
    pub(crate) fn can_do(&self, action: Action) -> bool {
        can_do(self.can, action)
    }
}

fn can_do(can: InstanceCapabilities, action: Action) -> bool {
    match action {
        Action::Weight => can.weight,
        Action::Drain | Action::Restore => can.enabled || can.weight,
        Action::Metadata => can.metadata,
        Action::Deregister => can.deregister,
    }
}

/// Whether an instance is out of rotation by a person's decision.
fn is_drained(row: &InstanceRow) -> bool {
    !row.instance.enabled || row.instance.weight == 0.0
}

/// The actions a registry that `can` do this offers on an instance: none on a ghost.
pub(crate) fn offered(row: &InstanceRow, can: InstanceCapabilities) -> Vec<Action> {
    if row.gone.is_some() {
        return Vec::new();
    }
    let rotation = if is_drained(row) { Action::Restore } else { Action::Drain };
    let all = [rotation, Action::Weight, Action::Metadata, Action::Deregister];
    all.into_iter().filter(|action| can_do(can, *action)).collect()
}
