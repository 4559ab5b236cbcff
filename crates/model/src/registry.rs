//! A connected registry cluster and what kind it is.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The immutable slug of a registry: 1 to 63 of `a-z`, `0-9` and `-`, starting and ending with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(into = "String", try_from = "String")]
pub struct RegistryId(Arc<str>);

impl RegistryId {
    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not a registry id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a registry id: 1 to 63 of a-z, 0-9 and `-` are allowed, with a letter or digit at both ends")]
pub struct InvalidRegistryId(String);

impl FromStr for RegistryId {
    type Err = InvalidRegistryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if allowed && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-') {
            Ok(Self(text.into()))
        } else {
            Err(InvalidRegistryId(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for RegistryId {
    type Error = InvalidRegistryId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RegistryId> for String {
    fn from(id: RegistryId) -> Self {
        id.0.to_string()
    }
}

impl Display for RegistryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which protocol a registry speaks. `Embedded` is Pilothouse's own Nacos-compatible registry, which tells more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RegistryKind {
    /// `pilothouse registry`.
    Embedded,
    /// Alibaba Nacos 2.x and 3.x.
    Nacos,
    /// HashiCorp Consul.
    Consul,
}

impl RegistryKind {
    /// The product's own name, as shown in both languages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedded => "Embedded",
            Self::Nacos => "Nacos",
            Self::Consul => "Consul",
        }
    }

    /// The two letters of the badge in front of a registry's name.
    #[must_use]
    pub fn badge(self) -> &'static str {
        match self {
            Self::Embedded => "Pi",
            Self::Nacos => "Na",
            Self::Consul => "Co",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_slugs() {
        for good in ["a", "nacos-prod-east", "0", "a-1"] {
            assert!(good.parse::<RegistryId>().is_ok(), "{good}");
        }
        let long = "a".repeat(64);
        for bad in ["", "-a", "a-", "A", "a_b", "a b", "é", long.as_str()] {
            assert!(bad.parse::<RegistryId>().is_err(), "{bad}");
        }
    }
}
