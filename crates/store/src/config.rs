//! Where the store is, and how patient it is.

use std::fmt;
use std::time::Duration;

/// Where the store is. Its `Debug` shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// The path of an SQLite file, or `postgres://user:password@host/database`.
    pub url: String,
    /// How long a write waits for another process that holds the SQLite file.
    pub patience: Duration,
}

impl StoreConfig {
    /// The store at `url`, with five seconds of patience.
    pub fn at(url: impl Into<String>) -> Self {
        Self { url: url.into(), patience: Duration::from_secs(5) }
    }
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Everything behind the scheme may hold a secret: user, password, parameters.
        let shown = self.url.split_once("://").map_or(self.url.as_str(), |(scheme, _)| scheme);
        f.debug_struct("StoreConfig").field("url", &shown).field("patience", &self.patience).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_path_but_no_password() {
        assert!(format!("{:?}", StoreConfig::at("data/console.db")).contains("data/console.db"));
        let shown = format!("{:?}", StoreConfig::at("postgres://me:hunter2@db/console?password=hunter2"));
        assert!(shown.contains("postgres") && !shown.contains("hunter2"), "{shown}");
    }
}
