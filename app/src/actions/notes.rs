//! What a dialog says besides what it asks: what stays in rotation, and whether the instance will be back by itself.

use pilothouse_model::{BeatVia, Instance, RegistryKind};

use super::ask::{Action, Ask, Place, Target};
use super::change::{Change, renewed};
use crate::i18n::Lang;
use crate::i18n::actions::{Texts, texts};

/// How many instances of the service stay in rotation, and whether that is at or under the protect threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct After {
    /// In rotation afterwards.
    pub(super) in_rotation: usize,
    /// There afterwards.
    pub(super) total: usize,
    /// Consumers would be told of every instance, well or not.
    pub(super) protected: bool,
}

/// What `change` leaves, with every target changed.
pub(super) fn after(ask: &Ask, change: &Change) -> After {
    let mut all = After { in_rotation: 0, total: 0, protected: false };
    for targets in ask.by_service() {
        let After { in_rotation, total, protected } = after_in(&targets[0].place, targets, change);
        all = After { in_rotation: all.in_rotation + in_rotation, total: all.total + total, protected: all.protected || protected };
    }
    all
}

fn after_in(place: &Place, targets: &[Target], change: &Change) -> After {
    let takes = |instance: &Instance| instance.enabled && instance.weight > 0.0;
    let (mut in_rotation, mut total) = (place.in_rotation, place.total);
    for Target { row, .. } in targets {
        let takes_then = match change.edit(&row.instance, place.can) {
            Some(edit) => takes(&renewed(&row.instance, &edit)),
            None => {
                total = total.saturating_sub(1);
                false
            }
        };
        match (crate::pages::in_rotation(row), takes_then) {
            (true, false) => in_rotation = in_rotation.saturating_sub(1),
            (false, true) => in_rotation += 1,
            _ => {}
        }
    }
    let at_most = |threshold: f64| threshold > 0.0 && total > 0 && in_rotation as f64 / total as f64 <= threshold;
    After { in_rotation, total, protected: place.threshold.is_some_and(at_most) }
}

/// What the action means for the instances, in order of importance.
pub(super) fn notes(ask: &Ask, lang: Lang) -> Vec<&'static str> {
    let t = texts(lang);
    let first = ask.targets.first();
    let outlives = |target: &Target| matches!(target.place.kind, Some(RegistryKind::Nacos | RegistryKind::Embedded));
    let edit_outlives = ask.targets.iter().any(outlives).then_some(t.edit_outlives);
    let means = match ask.action {
        Action::Drain if first.is_some_and(|target| target.place.can.enabled) => Some(t.drain_disables),
        Action::Drain => Some(t.drain_weight),
        Action::Restore => Some(t.restore_means),
        Action::Weight => Some(t.weight_means),
        Action::Metadata => Some(t.metadata_means),
        Action::Deregister => first.map(|target| returns(&target.row.instance, target.place.kind, t)),
    };
    means.into_iter().chain(edit_outlives).collect()
}

/// Whether a deregistered instance will be there again by itself.
pub(crate) fn will_return(instance: &Instance, kind: Option<RegistryKind>, lang: Lang) -> &'static str {
    returns(instance, kind, texts(lang))
}

fn returns(instance: &Instance, kind: Option<RegistryKind>, t: &Texts) -> &'static str {
    match (kind, instance.ephemeral, instance.heartbeat.via) {
        (Some(RegistryKind::Consul), ..) => t.returns_by_agent,
        (_, Some(false), _) => t.returns_not,
        (_, _, BeatVia::Http) => t.returns_with_beat,
        (_, _, BeatVia::Grpc) => t.returns_on_reconnect,
        (_, Some(true), _) => t.returns_by_client,
        (_, None, _) => t.returns_perhaps,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pilothouse_model::{InstanceCapabilities, Liveness};

    use super::*;
    use crate::pages::sample::{key, row};

    fn ask(action: Action, hosts: &[&str]) -> Ask {
        let place = Place {
            service: key(),
            kind: Some(RegistryKind::Nacos),
            can: InstanceCapabilities { weight: true, enabled: true, metadata: true, deregister: true },
            in_rotation: 4,
            total: 6,
            threshold: Some(0.5),
        };
        Ask::on(action, place, hosts.iter().map(|host| Arc::new(row(host, Liveness::Up)))).unwrap()
    }

    #[test]
    fn what_stays_is_counted_before_anything_is_written() {
        for (change, hosts, expected) in [
            (Change::Drain, &["10.0.0.1"][..], After { in_rotation: 3, total: 6, protected: true }),
            (Change::Deregister, &["10.0.0.1"], After { in_rotation: 3, total: 5, protected: false }),
            (Change::Weight(0.0), &["10.0.0.1", "10.0.0.2"], After { in_rotation: 2, total: 6, protected: true }),
            (Change::Weight(5.0), &["10.0.0.1"], After { in_rotation: 4, total: 6, protected: false }),
        ] {
            assert_eq!(after(&ask(Action::Drain, hosts), &change), expected, "{change:?}");
        }
    }

    #[test]
    fn whoever_registers_by_himself_is_named() {
        let t = texts(Lang::En);
        let mut instance = row("10.0.0.1", Liveness::Up).instance;
        assert_eq!(returns(&instance, Some(RegistryKind::Nacos), t), t.returns_with_beat);
        assert_eq!(returns(&instance, Some(RegistryKind::Consul), t), t.returns_by_agent);
        instance.heartbeat.via = BeatVia::Grpc;
        assert_eq!(returns(&instance, Some(RegistryKind::Nacos), t), t.returns_on_reconnect);
        instance.ephemeral = Some(false);
        assert_eq!(returns(&instance, Some(RegistryKind::Nacos), t), t.returns_not);
    }
}
