//! From instances to their service, and from a source's freshness to everything it says.

use pilothouse_model::{Freshness, Liveness};

/// A service wears the worst of its instances and ghosts; without any it is up.
pub fn worst(instances: impl IntoIterator<Item = Liveness>) -> Liveness {
    instances.into_iter().max().unwrap_or(Liveness::Up)
}

/// Liveness seen through a source of this freshness: a stale source knows nothing, not even who is dead.
#[must_use]
pub fn through(freshness: Freshness, liveness: Liveness) -> Liveness {
    if freshness.is_live() { liveness } else { Liveness::Unknown }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::Millis;

    use super::*;

    #[test]
    fn nothing_is_up_through_a_stale_source() {
        for liveness in Liveness::ALL {
            for stale in [Freshness::Never, Freshness::Stale { since: Millis(1) }] {
                assert_eq!(through(stale, liveness), Liveness::Unknown);
            }
            assert_eq!(through(Freshness::Live { proof: Millis(1) }, liveness), liveness);
        }
    }

    #[test]
    fn the_worst_wins() {
        assert_eq!(worst([]), Liveness::Up);
        assert_eq!(worst([Liveness::Up, Liveness::Removed, Liveness::Late]), Liveness::Removed);
    }
}
