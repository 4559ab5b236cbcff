//! Services and the partitions they live in.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Fingerprint, Protection, RegistryId, fingerprint};

/// A registry's own partition: a Nacos namespace, a Consul datacenter. Nacos' empty namespace and `public` are one, and
/// that one is written `public` everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(transparent)]
pub struct Namespace(Arc<str>);

impl Namespace {
    /// The namespace of this id; the empty id is `public`.
    pub fn new(id: impl AsRef<str>) -> Self {
        let id = id.as_ref();
        Self(if id.is_empty() { "public".into() } else { id.into() })
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is Nacos' default namespace, whose id is empty on the wire of 1.x and 2.x.
    #[must_use]
    pub fn is_public(&self) -> bool {
        &*self.0 == "public"
    }
}

impl Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What rights are given on: one group of one namespace of one registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// The registry.
    pub registry: RegistryId,
    /// The namespace in it.
    pub namespace: Namespace,
    /// The group in it; empty where the registry knows none.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub group: Arc<str>,
}

/// Names one service of one registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", from = "FlatServiceKey")]
pub struct ServiceKey {
    /// Where it lives.
    #[serde(flatten)]
    pub scope: Scope,
    /// Its name, exactly as the registry spells it: may hold `@@`, `/`, `%`, spaces, any script.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Arc<str>,
}

/// A [`ServiceKey`] as it is read. Its fields are spelled out, because reading a flattened struct keeps every value aside first, and
/// the browser bundle would hold that code for whatever a key stands in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FlatServiceKey {
    registry: RegistryId,
    namespace: Namespace,
    group: Arc<str>,
    name: Arc<str>,
}

impl From<FlatServiceKey> for ServiceKey {
    fn from(FlatServiceKey { registry, namespace, group, name }: FlatServiceKey) -> Self {
        Self { scope: Scope { registry, namespace, group }, name }
    }
}

impl ServiceKey {
    /// The id that stands in URLs, topics and SQL.
    #[must_use]
    pub fn id(&self) -> ServiceId {
        let Scope { registry, namespace, group } = &self.scope;
        ServiceId(fingerprint([registry.as_str(), namespace.as_str(), group, &self.name].map(str::as_bytes)))
    }

    /// `{slug}~{id}`: the last part of the service's page, readable first, exact behind the tilde.
    #[must_use]
    pub fn path_segment(&self) -> String {
        self.id().path_segment(&self.name)
    }
}

/// The fingerprint of a [`ServiceKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(transparent)]
pub struct ServiceId(pub Fingerprint);

impl ServiceId {
    /// `{slug}~{id}` of the service with this id and name.
    #[must_use]
    pub fn path_segment(self, name: &str) -> String {
        let mut slug = String::new();
        for c in name.chars().take(60) {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
                slug.push(c.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        format!("{}~{self}", slug.trim_end_matches('-'))
    }

    /// Reads the id from a page's path segment: what stands behind the last `~`.
    #[must_use]
    pub fn from_path_segment(segment: &str) -> Option<Self> {
        segment.rsplit('~').next()?.parse().ok()
    }
}

impl Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ServiceId {
    type Err = <Fingerprint as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A service as its registry describes it, without its instances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Its name and place.
    pub key: ServiceKey,
    /// Whether its instances are ephemeral, where the registry says so of the service.
    pub ephemeral: Option<bool>,
    /// Nacos' protect threshold, 0 to 1, where there is one.
    pub protect_threshold: Option<f64>,
    /// A protection that is at work for this service now: its consumers are told a rewritten health.
    pub protection: Option<Protection>,
    /// What was written on the service itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> ServiceKey {
        ServiceKey { scope: Scope { registry: "r".parse().unwrap(), namespace: Namespace::new(""), group: "g".into() }, name: name.into() }
    }

    #[test]
    fn segments_are_readable() {
        assert!(key("checkout-api").path_segment().starts_with("checkout-api~"));
        assert!(key("DEMO@@a/b %").path_segment().starts_with("demo-a-b~"));
        assert!(key("订单").path_segment().starts_with('~'));
    }

    proptest! {
        #[test]
        fn any_name_is_found_again_by_its_segment(name in "\\PC{0,80}") {
            let key = key(&name);
            let segment = key.path_segment();
            prop_assert!(segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-~".contains(&b)));
            prop_assert_eq!(ServiceId::from_path_segment(&segment), Some(key.id()));
        }
    }
}
