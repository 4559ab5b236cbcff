//! Writing to registries on behalf of a person: the `Operators` port.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use pilothouse_console::ports::{OperatorError, Operators};
use pilothouse_model::{Actor, Edited, Instance, InstanceEdit, InstanceKey, Readback, RegistryId};
use pilothouse_registry::{Entry, Registry, RegistryError};
use tokio::sync::{mpsc, oneshot};

use crate::fleet::Input;

/// The adapters, by registry.
pub(crate) struct RegistryOperators {
    pub(crate) adapters: BTreeMap<RegistryId, Arc<dyn Registry>>,
    pub(crate) inputs: mpsc::Sender<Input>,
}

impl RegistryOperators {
    fn adapter(&self, key: &InstanceKey) -> Result<&Arc<dyn Registry>, OperatorError> {
        let id = &key.service.scope.registry;
        self.adapters.get(id).ok_or_else(|| OperatorError::UnknownRegistry(id.clone()))
    }
}

#[async_trait]
impl Operators for RegistryOperators {
    async fn read(&self, instance: &InstanceKey) -> Result<Option<Instance>, OperatorError> {
        let entries = self.adapter(instance)?.service(&instance.service).await.map_err(failed)?;
        Ok(entries.into_iter().find_map(|entry| match entry {
            Entry::Instance(found) if found.key == *instance => Some(found),
            _ => None,
        }))
    }

    async fn edit(&self, instance: &InstanceKey, edit: &InstanceEdit) -> Result<(), OperatorError> {
        let adapter = self.adapter(instance)?;
        let can = adapter.capabilities().instances;
        for (asked, can, what) in [
            (edit.weight.is_some(), can.weight, "changing the weight"),
            (edit.enabled.is_some(), can.enabled, "taking an instance out of rotation"),
            (edit.metadata.is_some(), can.metadata, "changing metadata"),
        ] {
            if asked && !can {
                return Err(OperatorError::Unsupported(what));
            }
        }
        adapter.edit_instance(instance, edit).await.map_err(failed)
    }

    async fn deregister(&self, instance: &InstanceKey) -> Result<(), OperatorError> {
        let adapter = self.adapter(instance)?;
        if !adapter.capabilities().instances.deregister {
            return Err(OperatorError::Unsupported("deregistering an instance"));
        }
        adapter.deregister(instance).await.map_err(failed)
    }

    async fn record(&self, actor: &Actor, instance: &InstanceKey, change: Option<&Edited>, readback: Readback, read: Option<Instance>) {
        let (done, applied) = oneshot::channel();
        let input = Input::Record {
            actor: actor.clone(),
            instance: instance.clone(),
            change: change.cloned(),
            readback,
            read: read.map(Box::new),
            done,
        };
        // Without a fleet task (shutdown) there is nobody to tell; the audit row has the outcome.
        if self.inputs.send(input).await.is_ok() {
            let _ = applied.await;
        }
    }
}

fn failed(error: RegistryError) -> OperatorError {
    match error {
        RegistryError::Unsupported(what) => OperatorError::Unsupported(what),
        RegistryError::NotFound(what) => OperatorError::NotFound(what),
        RegistryError::Invalid { field, why } => OperatorError::Invalid { field, why },
        error @ (RegistryError::Forbidden { .. } | RegistryError::Unauthorized { .. }) => OperatorError::Forbidden(error.to_string()),
        error if error.is_ambiguous() => OperatorError::Ambiguous(error.to_string()),
        error => OperatorError::Failed(error.to_string()),
    }
}
