//! Writing to registries, and reading back.

use async_trait::async_trait;
use pilothouse_model::{Actor, Edited, Instance, InstanceEdit, InstanceKey, Readback, RegistryId};

/// The registries as a person changes them.
#[async_trait]
pub trait Operators: Send + Sync + 'static {
    /// The instance as its registry describes it now, read from the registry. `None`: it is not there.
    async fn read(&self, instance: &InstanceKey) -> Result<Option<Instance>, OperatorError>;

    /// Asks the registry to change the instance. Sent at most once.
    async fn edit(&self, instance: &InstanceKey, edit: &InstanceEdit) -> Result<(), OperatorError>;

    /// Asks the registry to take the instance out. Sent at most once.
    async fn deregister(&self, instance: &InstanceKey) -> Result<(), OperatorError>;

    /// Tells the fleet what was just read back, and that a person did it, so that the pages need not wait for the watch.
    /// `change` is `None` for a deregistration.
    async fn record(&self, actor: &Actor, instance: &InstanceKey, change: Option<&Edited>, readback: Readback, read: Option<Instance>);
}

/// Why a registry did not do what a person asked. Texts hold no secrets.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is no such registry.
    #[error("registry {0} is not connected")]
    UnknownRegistry(RegistryId),
    /// The registry's kind cannot do that.
    #[error("{0} is not supported by this registry")]
    Unsupported(&'static str),
    /// Our credentials do not reach that far.
    #[error("{0}")]
    Forbidden(String),
    /// The registry was not reached, refused or answered nonsense; nothing was changed.
    #[error("{0}")]
    Failed(String),
    /// The request was sent and no answer came: it may or may not have happened.
    #[error("{0}")]
    Ambiguous(String),
    /// The instance is not there.
    #[error("{0} does not exist")]
    NotFound(String),
    /// A value is wrong.
    #[error("{field}: {why}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is allowed.
        why: String,
    },
}
