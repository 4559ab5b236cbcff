//! What an actor may read and write.

use pilothouse_model::{Actor, Scope};

/// The rights of one actor, fixed for the length of a request or stream.
///
/// Equal rights share aggregates and snapshots, so the type is cheap to compare and to hash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rights {
    actor: Actor,
}

impl Rights {
    /// Local mode: one person, everything.
    #[must_use]
    pub fn local() -> Self {
        Self { actor: Actor::local() }
    }

    /// Who holds them.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether anything of this scope may be seen.
    #[must_use]
    pub fn may_read(&self, _scope: &Scope) -> bool {
        self.actor == Actor::local()
    }

    /// Whether instances of this scope may be changed.
    #[must_use]
    pub fn may_operate(&self, _scope: &Scope) -> bool {
        self.actor == Actor::local()
    }
}
