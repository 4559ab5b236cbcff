//! The contract of an adapter.

use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use pilothouse_model::{
    BeatReading, BetaConfig, Capabilities, ConfigDocument, ConfigHead, ConfigKey, ConfigListener, ConfigRevision, Expected, InstanceEdit,
    InstanceKey, Namespace, RegistryId, RegistryKind, Revision, ServiceKey, SourceReport,
};

use crate::{Entry, RegistryError, WatchEvent};

/// One connected registry cluster.
///
/// What [`Registry::capabilities`] does not claim answers [`RegistryError::Unsupported`], and the other way round. Every
/// future may be dropped at any await without harm to a later call. Reads fail over between endpoints; a write is sent
/// at most once after a connection stood.
#[async_trait]
pub trait Registry: Send + Sync + 'static {
    /// Its slug.
    fn id(&self) -> &RegistryId;

    /// Its protocol.
    fn kind(&self) -> RegistryKind;

    /// What it can do. Constant for the life of the adapter.
    fn capabilities(&self) -> Capabilities;

    /// Its endpoints, the ways of watching, login and problems, now. Cheap; asks nothing.
    fn report(&self) -> SourceReport;

    /// Watches everything the credentials can read, from a whole list on. Dropping the stream ends the watch and closes
    /// what it held open. Waiting inside the stream is pacing of polls, never backing off.
    fn watch(self: Arc<Self>) -> BoxStream<'static, Result<WatchEvent, RegistryError>>;

    /// Reads one service and its instances from where health is honest. A service that is not there is an empty list.
    async fn service(&self, service: &ServiceKey) -> Result<Vec<Entry>, RegistryError>;

    /// Reads when the instances of a service last beat.
    async fn beats(&self, service: &ServiceKey) -> Result<Vec<BeatReading>, RegistryError>;

    /// Changes an instance. Fields that the edit leaves out keep the value the registry has.
    async fn edit_instance(&self, instance: &InstanceKey, edit: &InstanceEdit) -> Result<(), RegistryError>;

    /// Takes an instance out of the registry. A client that still runs may register it again at once.
    async fn deregister(&self, instance: &InstanceKey) -> Result<(), RegistryError>;

    /// Lists configs of a namespace by name, a page at a time.
    async fn configs(&self, namespace: &Namespace, cursor: Option<&str>) -> Result<ConfigPage, RegistryError>;

    /// Reads a config; `None` when there is none.
    async fn config(&self, key: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError>;

    /// Writes a config if its present state is the expected one; otherwise [`RegistryError::Conflict`] with the present revision.
    async fn put_config(
        &self,
        key: &ConfigKey,
        content: &str,
        format: Option<&str>,
        expected: &Expected,
    ) -> Result<Revision, RegistryError>;

    /// Deletes a config if its present revision is the expected one.
    async fn delete_config(&self, key: &ConfigKey, expected: &Revision) -> Result<(), RegistryError>;

    /// The past of a config, newest first, at most `limit` rows.
    async fn config_history(&self, key: &ConfigKey, limit: usize) -> Result<Vec<ConfigRevision>, RegistryError>;

    /// Who listens to a config.
    async fn config_listeners(&self, key: &ConfigKey) -> Result<Vec<ConfigListener>, RegistryError>;

    /// The gray publish in force, if there is one.
    async fn beta(&self, key: &ConfigKey) -> Result<Option<BetaConfig>, RegistryError>;

    /// Publishes `content` to `addresses` alone.
    async fn put_beta(&self, key: &ConfigKey, content: &str, addresses: &[String]) -> Result<(), RegistryError>;

    /// Ends the gray publish.
    async fn stop_beta(&self, key: &ConfigKey) -> Result<(), RegistryError>;
}

/// One page of a config list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigPage {
    /// The rows.
    pub heads: Vec<ConfigHead>,
    /// Where the next page starts; `None` after the last one.
    pub next: Option<String>,
}
