//! What operators do: decided here into a record, written down by the caller, then applied.

use super::{Definition, Edit, EditTarget, Naming, NamingError, NamingRecord, Patch, ServiceKey};

impl Naming {
    /// Creates a service; one that exists is refused, also when it only came with an instance.
    pub(crate) fn create_service(&self, key: &ServiceKey, ephemeral: bool, definition: Definition) -> Result<NamingRecord, NamingError> {
        match self.service(key) {
            Some(_) => Err(NamingError::ServiceExists(key.grouped())),
            None => Ok(NamingRecord::Service { key: key.clone(), ephemeral, definition }),
        }
    }

    /// Redefines a service. From then on it has a protect threshold, if only 0.
    pub(crate) fn update_service(&self, key: &ServiceKey, definition: Definition) -> Result<NamingRecord, NamingError> {
        let service = self.service(key).ok_or_else(|| NamingError::ServiceUnknown(key.grouped()))?;
        Ok(NamingRecord::Service { key: key.clone(), ephemeral: service.ephemeral, definition })
    }

    /// Deletes an empty service.
    pub(crate) fn delete_service(&self, key: &ServiceKey) -> Result<NamingRecord, NamingError> {
        let service = self.service(key).ok_or_else(|| NamingError::ServiceUnknown(key.grouped()))?;
        if service.len() > 0 {
            return Err(NamingError::ServiceNotEmpty(key.grouped()));
        }
        Ok(NamingRecord::ServiceGone { key: key.clone() })
    }

    /// Replaces an operator's edit. The instance need not exist, its service must.
    pub(crate) fn edit(&self, key: &ServiceKey, target: EditTarget, edit: Edit) -> Result<NamingRecord, NamingError> {
        if self.service(key).is_none() {
            return Err(NamingError::EditedServiceUnknown {
                namespace: key.namespace.to_string(),
                group: key.group.to_string(),
                name: key.name.to_string(),
            });
        }
        Ok(NamingRecord::Edited { key: key.clone(), target, edit })
    }

    /// Changes parts of an operator's edit on a registered instance.
    pub(crate) fn patch(&self, key: &ServiceKey, target: EditTarget, patch: Patch) -> Result<NamingRecord, NamingError> {
        let known = self.service(key).filter(|service| service.cluster_len(&target.cluster) > 0);
        let service = known.ok_or_else(|| NamingError::ClusterEmpty { cluster: target.cluster.to_string(), service: key.grouped() })?;
        if !service.has(&target) {
            return Err(NamingError::InstanceUnknown);
        }
        let edit = patch.over(service.edits.get(&target).cloned().unwrap_or_default());
        Ok(NamingRecord::Edited { key: key.clone(), target, edit })
    }

    /// Registers a persistent instance (see [`Naming::reserve_persistent`]).
    pub(crate) fn deregister_persistent(&self, key: &ServiceKey, target: EditTarget) -> Option<NamingRecord> {
        let service = self.service(key).filter(|service| !service.ephemeral)?;
        service.instance(&target.address)?;
        Some(NamingRecord::InstanceGone { key: key.clone(), target })
    }
}
