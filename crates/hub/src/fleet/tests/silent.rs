//! A registry that answers nothing: the fleet is driven by hand.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use pilothouse_model::{
    BeatReading, BeatSource, BetaConfig, Capabilities, ConfigCapabilities, ConfigDocument, ConfigKey, ConfigListener, ConfigRevision,
    Expected, InstanceCapabilities, InstanceEdit, InstanceKey, Namespace, RegistryId, RegistryKind, Revision, ServiceKey, SourceReport,
};
use pilothouse_registry::{ConfigPage, Entry, Registry, RegistryError, WatchEvent};

/// Claims nothing, answers nothing.
pub(super) struct Silent(pub(super) RegistryId);

const NO: RegistryError = RegistryError::Unsupported("anything");

#[async_trait]
impl Registry for Silent {
    fn id(&self) -> &RegistryId {
        &self.0
    }

    fn kind(&self) -> RegistryKind {
        RegistryKind::Embedded
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            instances: InstanceCapabilities::default(),
            configs: ConfigCapabilities::default(),
            beats: BeatSource::Never,
            unhealthy_phase: true,
        }
    }

    fn report(&self) -> SourceReport {
        SourceReport::default()
    }

    fn watch(self: Arc<Self>) -> BoxStream<'static, Result<WatchEvent, RegistryError>> {
        futures::stream::pending().boxed()
    }

    async fn service(&self, _: &ServiceKey) -> Result<Vec<Entry>, RegistryError> {
        Err(NO)
    }

    async fn beats(&self, _: &ServiceKey) -> Result<Vec<BeatReading>, RegistryError> {
        Err(NO)
    }

    async fn edit_instance(&self, _: &InstanceKey, _: &InstanceEdit) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn deregister(&self, _: &InstanceKey) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn configs(&self, _: &Namespace, _: Option<&str>) -> Result<ConfigPage, RegistryError> {
        Err(NO)
    }

    async fn config(&self, _: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError> {
        Err(NO)
    }

    async fn put_config(&self, _: &ConfigKey, _: &str, _: Option<&str>, _: &Expected) -> Result<Revision, RegistryError> {
        Err(NO)
    }

    async fn delete_config(&self, _: &ConfigKey, _: &Revision) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn config_history(&self, _: &ConfigKey, _: usize) -> Result<Vec<ConfigRevision>, RegistryError> {
        Err(NO)
    }

    async fn config_listeners(&self, _: &ConfigKey) -> Result<Vec<ConfigListener>, RegistryError> {
        Err(NO)
    }

    async fn beta(&self, _: &ConfigKey) -> Result<Option<BetaConfig>, RegistryError> {
        Err(NO)
    }

    async fn put_beta(&self, _: &ConfigKey, _: &str, _: &[String]) -> Result<(), RegistryError> {
        Err(NO)
    }

    async fn stop_beta(&self, _: &ConfigKey) -> Result<(), RegistryError> {
        Err(NO)
    }
}
