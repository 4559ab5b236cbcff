//! Why a use case did not do what it was asked.

use pilothouse_model::InstanceEdit;

use crate::ports::{OperatorError, StoreError};

/// What failed. The server alone turns this into a status and a problem document.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError {
    /// There is no such thing, or the actor may not see it: the two are not told apart.
    #[error("{0} does not exist")]
    NotFound(&'static str),
    /// The actor may see it but not change it.
    #[error("{actor} may not {what}")]
    Forbidden {
        /// Who.
        actor: String,
        /// What was tried.
        what: &'static str,
    },
    /// A value is wrong.
    #[error("{field}: {why}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is allowed.
        why: String,
    },
    /// What the actor saw is no longer so; nothing was written.
    #[error("the instance was changed in the meantime")]
    Changed {
        /// The fields asked about, as they are now; `None`: the instance is gone.
        current: Option<Box<InstanceEdit>>,
    },
    /// The registry failed.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
