//! What an action writes: the fields it sets, and what a person saw of them.

use std::collections::BTreeMap;

use pilothouse_model::{Instance, InstanceCapabilities, InstanceEdit};

/// The greatest weight a registry takes.
const MOST: f64 = 10_000.0;

/// A confirmed wish.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// This weight.
    Weight(f64),
    /// Out of rotation.
    Drain,
    /// Back into rotation.
    Restore,
    /// This metadata, all of it.
    Metadata(BTreeMap<String, String>),
    /// Out of the registry.
    Deregister,
}

impl Change {
    /// The edit of one instance; `None` for a deregistration, which is none.
    ///
    /// Where a registry knows no "enabled", weight 0 is how an instance is drained, and weight 1 how it comes back.
    pub(super) fn edit(&self, instance: &Instance, can: InstanceCapabilities) -> Option<InstanceEdit> {
        let edit = match self {
            Self::Weight(weight) => InstanceEdit { weight: Some(*weight), ..InstanceEdit::default() },
            Self::Drain if can.enabled => InstanceEdit { enabled: Some(false), ..InstanceEdit::default() },
            Self::Drain => InstanceEdit { weight: Some(0.0), ..InstanceEdit::default() },
            Self::Restore => InstanceEdit {
                enabled: (!instance.enabled && can.enabled).then_some(true),
                weight: (instance.weight == 0.0 && can.weight).then_some(1.0),
                metadata: None,
            },
            Self::Metadata(metadata) => InstanceEdit { metadata: Some(metadata.clone()), ..InstanceEdit::default() },
            Self::Deregister => return None,
        };
        Some(edit)
    }
}

/// The fields that `edit` sets, as an instance has them.
pub(super) fn seen(instance: &Instance, edit: &InstanceEdit) -> InstanceEdit {
    InstanceEdit {
        weight: edit.weight.map(|_| instance.weight),
        enabled: edit.enabled.map(|_| instance.enabled),
        metadata: edit.metadata.as_ref().map(|_| instance.metadata.clone()),
    }
}

/// The same instance, with the fields that are known by now.
pub(super) fn renewed(instance: &Instance, now: &InstanceEdit) -> Instance {
    let mut instance = instance.clone();
    if let Some(weight) = now.weight {
        instance.weight = weight;
    }
    if let Some(enabled) = now.enabled {
        instance.enabled = enabled;
    }
    if let Some(metadata) = &now.metadata {
        instance.metadata.clone_from(metadata);
    }
    instance
}

/// A weight as a person types it: `0` to `10000`, a comma groups thousands.
pub(super) fn parse_weight(text: &str) -> Option<f64> {
    let text = text.trim().replace(',', "");
    text.parse().ok().filter(|weight: &f64| weight.is_finite() && (0.0..=MOST).contains(weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;

    const ALL: InstanceCapabilities = InstanceCapabilities { weight: true, enabled: true, metadata: true, deregister: true };

    fn instance(enabled: bool, weight: f64) -> Instance {
        let mut row = sample::row("10.0.0.1", pilothouse_model::Liveness::Up);
        row.instance.enabled = enabled;
        row.instance.weight = weight;
        row.instance
    }

    #[test]
    fn a_drain_is_what_the_registry_knows() {
        let only_weight = InstanceCapabilities { enabled: false, ..ALL };
        let up = instance(true, 3.0);
        assert_eq!(Change::Drain.edit(&up, ALL).unwrap().enabled, Some(false));
        assert_eq!(Change::Drain.edit(&up, only_weight).unwrap().weight, Some(0.0));
    }

    #[test]
    fn a_restore_undoes_what_drained_it_and_nothing_else() {
        for (enabled, weight, edit) in [
            (false, 3.0, InstanceEdit { enabled: Some(true), ..InstanceEdit::default() }),
            (true, 0.0, InstanceEdit { weight: Some(1.0), ..InstanceEdit::default() }),
            (false, 0.0, InstanceEdit { enabled: Some(true), weight: Some(1.0), metadata: None }),
        ] {
            assert_eq!(Change::Restore.edit(&instance(enabled, weight), ALL), Some(edit));
        }
    }

    #[test]
    fn what_was_seen_names_the_fields_that_change() {
        let instance = instance(true, 3.0);
        let edit = Change::Weight(0.5).edit(&instance, ALL).unwrap();
        assert_eq!(seen(&instance, &edit), InstanceEdit { weight: Some(3.0), ..InstanceEdit::default() });
        assert_eq!(seen(&renewed(&instance, &edit), &edit), edit);
    }

    #[test]
    fn weights_are_numbers_within_bounds() {
        for (text, weight) in [("0", Some(0.0)), (" 0.5 ", Some(0.5)), ("10,000", Some(10_000.0)), ("10001", None), ("-5", None)] {
            assert_eq!(parse_weight(text), weight, "{text}");
        }
        for text in ["", "ten", "NaN", "inf"] {
            assert_eq!(parse_weight(text), None, "{text}");
        }
    }
}
