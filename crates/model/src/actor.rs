//! Who acts.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

/// A person or token that acts. `local` while there is no login.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// The actor of local mode.
    #[must_use]
    pub fn local() -> Self {
        Self("local".into())
    }

    /// The console itself: freshness changes, retention.
    #[must_use]
    pub fn console() -> Self {
        Self("console".into())
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl From<String> for Actor {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
