//! A hand on the registry that is not the adapter's.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use pilothouse_model::{ConfigKey, Scope, ServiceKey};

/// Changes a registry as its other users do. A method that cannot do its work panics: the test has failed.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// Where everything is made: a namespace (and group) the adapter watches.
    fn scope(&self) -> Scope;

    /// A text that no earlier run on the same registry used: letters, digits and `-`.
    fn run(&self) -> &str;

    /// Registers an instance and keeps it healthy; one that is there already gets the sample's metadata.
    async fn register(&self, service: &str, sample: &Sample);

    /// Takes the instance out, as it would itself.
    async fn deregister(&self, service: &str, sample: &Sample);

    /// The instance's client goes away without a word; what it registered stays for now.
    async fn fall_silent(&self, service: &str, sample: &Sample);

    /// Writes a config, whatever is there.
    async fn publish(&self, data_id: &str, content: &str);

    /// How long a change may take until the watch shows it.
    fn patience(&self) -> Duration;

    /// Service names this registry allows, as awkward as they come.
    fn awkward_names(&self) -> Vec<String>;
}

impl dyn Fixture + '_ {
    pub(super) fn service(&self, stem: &str) -> ServiceKey {
        ServiceKey { scope: self.scope(), name: format!("conformance-{stem}-{}", self.run()).into() }
    }

    pub(super) fn config(&self, stem: &str) -> ConfigKey {
        ConfigKey { scope: self.scope(), data_id: format!("conformance-{stem}-{}.yaml", self.run()).into() }
    }
}

/// An instance as its client describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What it says of itself.
    pub metadata: BTreeMap<String, String>,
}

impl Sample {
    /// The `n`th of a few instances.
    #[must_use]
    pub fn nth(n: u16) -> Self {
        Self {
            host: format!("10.11.{}.{}", n / 250, n % 250 + 1),
            port: 9_000 + n,
            metadata: BTreeMap::from([("version".into(), "1".into())]),
        }
    }

    /// The same with one more word about itself.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }
}
