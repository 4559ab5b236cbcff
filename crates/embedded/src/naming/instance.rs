//! An instance as everybody else sees it: what its client registered, under what an operator laid over it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::{Address, Edit, Metadata, Periods, Registration, ServiceKey};

const ID_GENERATOR: &str = "preserved.instance.id.generator";

/// One published instance, immutable and shared by every list that shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InstanceView {
    /// `ip#port#cluster#group@@name`; absent for an instance that a v2 call registered.
    pub(crate) id: Option<String>,
    pub(crate) address: Address,
    pub(crate) cluster: Arc<str>,
    pub(crate) weight: f64,
    pub(crate) healthy: bool,
    pub(crate) enabled: bool,
    pub(crate) ephemeral: bool,
    pub(crate) service: Arc<str>,
    pub(crate) metadata: Metadata,
    pub(crate) periods: Periods,
}

impl InstanceView {
    /// Lays `edit` over `registration`: weight and enabled replace, metadata is merged with the operator's on top.
    pub(crate) fn new(key: &ServiceKey, ephemeral: bool, registration: &Registration, healthy: bool, edit: Option<&Edit>) -> Self {
        let grouped = key.grouped();
        let mut metadata = registration.metadata.clone();
        if let Some(edit) = edit {
            metadata.extend(edit.metadata.clone());
        }
        let Address { ip, port } = &registration.address;
        Self {
            id: registration.with_id.then(|| format!("{ip}#{port}#{}#{grouped}", registration.cluster)),
            address: registration.address.clone(),
            cluster: Arc::clone(&registration.cluster),
            weight: edit.map_or(registration.weight, |edit| edit.weight),
            healthy,
            enabled: edit.map_or(registration.enabled, |edit| edit.enabled),
            ephemeral,
            service: grouped.into(),
            periods: Periods::of(&metadata),
            metadata,
        }
    }
}

impl Serialize for InstanceView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The Java getter answers "simple" for no metadata at all, and otherwise looks its key up.
        let generator = if self.metadata.is_empty() { Some("simple") } else { text(&self.metadata, ID_GENERATOR) };
        let fields = 12 + usize::from(self.id.is_some()) + usize::from(generator.is_some());
        let mut out = serializer.serialize_struct("Instance", fields)?;
        match &self.id {
            Some(id) => out.serialize_field("instanceId", id)?,
            None => out.skip_field("instanceId")?,
        }
        out.serialize_field("ip", &*self.address.ip)?;
        out.serialize_field("port", &self.address.port)?;
        out.serialize_field("weight", &self.weight)?;
        out.serialize_field("healthy", &self.healthy)?;
        out.serialize_field("enabled", &self.enabled)?;
        out.serialize_field("ephemeral", &self.ephemeral)?;
        out.serialize_field("clusterName", &*self.cluster)?;
        out.serialize_field("serviceName", &*self.service)?;
        out.serialize_field("metadata", &self.metadata)?;
        out.serialize_field("instanceHeartBeatInterval", &self.periods.interval)?;
        out.serialize_field("instanceHeartBeatTimeOut", &self.periods.unhealthy_after)?;
        out.serialize_field("ipDeleteTimeout", &self.periods.removed_after)?;
        match generator {
            Some(generator) => out.serialize_field("instanceIdGenerator", generator)?,
            None => out.skip_field("instanceIdGenerator")?,
        }
        out.end()
    }
}

fn text<'a>(metadata: &'a BTreeMap<String, Option<String>>, key: &str) -> Option<&'a str> {
    metadata.get(key).and_then(Option::as_deref)
}
