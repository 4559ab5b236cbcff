//! How old the last proof of life of a source is.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// The freshness of a registry's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Freshness {
    /// Nothing has been read since the console started, and no earlier view is on disk.
    Never,
    /// A whole view is held and the last proof of life lies within the bound.
    Live {
        /// When the source last proved alive.
        proof: Millis,
    },
    /// No proof of life for longer than the bound.
    Stale {
        /// The moment of the last proof.
        since: Millis,
    },
}

impl Freshness {
    /// The freshness at `now` of a source last proved alive at `proof`, under a bound of `bound_ms`.
    #[must_use]
    pub fn at(now: Millis, proof: Option<Millis>, bound_ms: i64) -> Self {
        match proof {
            None => Self::Never,
            Some(proof) if now.since(proof) <= bound_ms => Self::Live { proof },
            Some(since) => Self::Stale { since },
        }
    }

    /// Whether health from this source may be shown as it was told.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_itself_is_still_live() {
        let proof = Some(Millis(1_000));
        assert!(Freshness::at(Millis(16_000), proof, 15_000).is_live());
        assert_eq!(Freshness::at(Millis(16_001), proof, 15_000), Freshness::Stale { since: Millis(1_000) });
        assert_eq!(Freshness::at(Millis(0), None, 15_000), Freshness::Never);
    }
}
