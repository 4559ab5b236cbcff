//! Stable 64-bit fingerprints: short hashes for URLs and the ledger's deduplication.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// XXH3-64 over length-prefixed parts, so that `("a", "bc")` and `("ab", "c")` differ. Sixteen hex digits in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The number itself, for SQL: the same 64 bits, signed.
    #[must_use]
    pub fn to_i64(self) -> i64 {
        self.0.cast_signed()
    }

    /// The inverse of [`Fingerprint::to_i64`].
    #[must_use]
    pub fn from_i64(bits: i64) -> Self {
        Self(bits.cast_unsigned())
    }
}

/// The fingerprint of `parts`, each prefixed with its length.
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Fingerprint {
    let mut hash = Xxh3::new();
    for part in parts {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Fingerprint(hash.digest())
}

impl Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<Fingerprint> for String {
    fn from(value: Fingerprint) -> Self {
        value.to_string()
    }
}

/// A fingerprint is exactly sixteen lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: sixteen hex digits are expected")]
pub struct InvalidFingerprint(String);

impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match u64::from_str_radix(text, 16) {
            Ok(bits) if digits => Ok(Self(bits)),
            _ => Err(InvalidFingerprint(text.chars().take(40).collect())),
        }
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = InvalidFingerprint;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_length_prefixed() {
        assert_ne!(fingerprint([b"a".as_slice(), b"bc"]), fingerprint([b"ab".as_slice(), b"c"]));
    }

    #[test]
    fn text_round_trips_and_rejects_everything_else() {
        let id = fingerprint([b"x".as_slice()]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(Fingerprint::from_i64(id.to_i64()), id);
        for bad in ["", "1", "zzzzzzzzzzzzzzzz", "+123456789abcdef", "00000000000000000", "ABCDEFABCDEFABCD"] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
