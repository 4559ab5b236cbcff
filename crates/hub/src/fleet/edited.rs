//! Takes in what a person wrote and what was read back: the page need not wait for the watch, and the ledger says who did it.

use pilothouse_api::MarkKind;
use pilothouse_model::{Actor, Edited, Evidence, FactBody, Instance, InstanceKey, Millis, Readback, Transition};

use super::apply::{Look, at_once};
use super::changes;
use super::state::{FleetState, local_key};

impl FleetState {
    /// `change` is `None` for a deregistration; `read` is what the registry described afterwards.
    pub(super) fn record_edit(
        &mut self,
        actor: &Actor,
        key: &InstanceKey,
        change: Option<Edited>,
        readback: Readback,
        read: Option<Instance>,
        now: Millis,
    ) {
        let by = actor.to_string();
        let differences = change.as_ref().map(|change| Box::new(change.differences()));
        let evidence = Evidence::Edited { by: by.clone(), change: differences };
        let look = Look { occurred: at_once(now), evidence, first_sight: false };
        let state = self.services.get(&key.service.id()).and_then(|service| service.instances.get(&local_key(key)));
        let was = state.map(|state| state.instance.clone());
        let told = self.dirty.ledger.transitions.len();
        match read {
            Some(read) => {
                if let Some(was) = &was {
                    for difference in changes::differences(was, &read) {
                        self.note_change(now, &read, difference, Some(by.clone()));
                    }
                }
                self.upsert_instance(&read, &look);
            }
            None if change.is_none() && readback == Readback::Confirmed => {
                if let Some(was) = &was {
                    self.note_change(now, was, (MarkKind::Deregister, was.address(), String::new()), Some(by.clone()));
                }
                self.delete_instance(key, &look, Some(by));
            }
            None => {}
        }
        if readback == Readback::Confirmed && self.dirty.ledger.transitions.len() == told {
            self.tell_edit(key, &look);
        }
        let body = FactBody::Edited { actor: actor.clone(), instance: key.clone(), edit: change.map(|change| change.to), readback };
        self.fact(look.occurred, key.service.scope.registry.clone(), body);
    }

    /// A row of its own for an edit that left the liveness as it was, or whose effect the watch has told already.
    fn tell_edit(&mut self, key: &InstanceKey, look: &Look) {
        let state = self.services.get(&key.service.id()).and_then(|service| service.instances.get(&local_key(key)));
        let Some(liveness) = state.and_then(|state| state.pulse.liveness()) else { return };
        self.dirty.ledger.transitions.push(Transition {
            occurred: look.occurred,
            registry: key.service.scope.registry.clone(),
            instance: Some(key.clone()),
            from: Some(liveness),
            to: liveness,
            evidence: look.evidence.clone(),
        });
    }
}
