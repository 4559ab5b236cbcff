//! Who did what to what.

use serde::{Deserialize, Serialize};

use crate::{Actor, InstanceEdit, InstanceKey, Millis};

/// One row of the audit: written before the registry is asked, completed with the outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Unique, sortable by time.
    pub id: String,
    /// When it was asked for.
    pub at: Millis,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub action: AuditAction,
    /// Why, in the actor's words; may be empty where no reason is asked for.
    pub reason: String,
    /// How it ended.
    pub outcome: AuditOutcome,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum AuditAction {
    /// Weight, enabled or metadata of an instance.
    EditInstance {
        /// Which instance.
        instance: InstanceKey,
        /// The fields that change, as they were.
        from: InstanceEdit,
        /// The fields that change, as asked for.
        to: InstanceEdit,
    },
    /// An instance was taken out.
    Deregister {
        /// Which instance.
        instance: InstanceKey,
    },
}

/// How an action ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "camelCase")]
pub enum AuditOutcome {
    /// The registry has been asked; nothing is known yet. After a crash this is what remains.
    Started,
    /// The registry's own answer, read back, shows the change.
    Verified,
    /// The registry accepted it, but the readback does not show it (yet).
    Unverified,
    /// It failed; the reason as the user saw it.
    Failed {
        /// In words, without secrets.
        why: String,
    },
}
