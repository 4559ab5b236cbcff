//! Where an instance's health comes from: never a bare boolean, and never the registry's word for what it did not say.

use pilothouse_api::InstanceRow;
use pilothouse_model::{BeatVia, Evidence, Freshness, Health, Liveness, Millis, Protection, RegistryKind, UnknownHealth};

use crate::components::Glyph;
use crate::i18n::service::texts;
use crate::i18n::{Lang, evidence};

/// One line of provenance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Provenance {
    /// The icon of the one who speaks.
    pub(super) glyph: Glyph,
    /// Its colour.
    pub(super) status: &'static str,
    /// What it says.
    pub(super) text: String,
    /// What stands underneath a protection.
    pub(super) underneath: Option<&'static str>,
    /// From when that is: its age is counted on the page.
    pub(super) as_of: Option<Millis>,
}

/// The provenance of a row's health. `clock` writes a moment in the reader's zone.
pub(super) fn provenance(
    row: &InstanceRow,
    freshness: Freshness,
    kind: Option<RegistryKind>,
    lang: Lang,
    clock: impl Fn(Millis) -> String,
) -> Provenance {
    let t = texts(lang);
    let who = evidence::who(lang, kind);
    let line = |glyph, status, text: String, as_of| Provenance { glyph, status, text, underneath: None, as_of };
    let proof = match freshness {
        Freshness::Live { proof } => Some(proof),
        Freshness::Stale { .. } | Freshness::Never => None,
    };
    let by = row.history.last().and_then(|last| match &last.evidence {
        Evidence::Edited { by, .. } if last.step.to == row.liveness => Some(by.as_str()),
        _ => None,
    });
    if row.gone.is_some() {
        let text = by.map_or_else(|| (t.gone_from)(who), t.set_by);
        return line(Glyph::Registry, "neutral", text, None);
    }
    match (row.instance.health, row.liveness) {
        (Health::Unknown { why: UnknownHealth::StaleSince(Millis(0)) }, _) => line(Glyph::Stale, "unknown", t.unknown_never.into(), None),
        (Health::Unknown { why: UnknownHealth::StaleSince(since) }, _) => {
            line(Glyph::Stale, "unknown", (t.unknown_stale)(&clock(since)), None)
        }
        (Health::Unknown { why: UnknownHealth::ProtectedView }, _) => line(Glyph::Unknown, "unknown", t.unknown_protected.into(), None),
        (Health::Overridden { by, healthy }, _) => {
            let text = match by {
                Protection::ProtectThreshold => t.overridden_threshold,
                Protection::SelfPreservation => t.overridden_preservation,
            };
            let underneath = healthy.map(t.underneath);
            Provenance { underneath, ..line(Glyph::Protected, "protected", text.into(), proof) }
        }
        (_, Liveness::Drained) => {
            let text = match by {
                Some(by) => (t.set_by)(by),
                None if row.instance.enabled => (t.weight_zero_in)(who),
                None => (t.disabled_in)(who),
            };
            line(Glyph::Drained, "drained", text, Some(row.since))
        }
        (_, Liveness::Late) => line(Glyph::Late, "late", t.derived_late.into(), Some(row.since)),
        (_, Liveness::Flapping) => line(Glyph::Flapping, "flapping", t.derived_flapping.into(), Some(row.since)),
        (Health::Derived { .. }, _) => {
            let checked = matches!(row.instance.heartbeat.via, BeatVia::Ttl | BeatVia::Check);
            line(Glyph::Registry, "neutral", if checked { t.derived_checks } else { t.derived_lease }.into(), proof)
        }
        (Health::Reported { .. }, _) => line(Glyph::Registry, "neutral", (t.reported_by)(who), proof),
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_api::{HistoryStep, Step};

    use super::super::sample::row;
    use super::*;

    const LIVE: Freshness = Freshness::Live { proof: Millis(100_000) };

    fn text(row: &InstanceRow, freshness: Freshness) -> String {
        provenance(row, freshness, Some(RegistryKind::Nacos), Lang::En, |_| "03:13:40".into()).text
    }

    #[test]
    fn everybody_says_only_what_he_said() {
        let with = |health, liveness| {
            let mut row = row("10.0.0.1", liveness);
            row.instance.health = health;
            row
        };
        let reported = Health::Reported { healthy: true };
        let overridden = Health::Overridden { by: Protection::ProtectThreshold, healthy: Some(false) };
        let stale = Health::Unknown { why: UnknownHealth::StaleSince(Millis(5)) };
        for (health, liveness, expected) in [
            (reported, Liveness::Up, "reported by Nacos"),
            (reported, Liveness::Late, "derived: beat missed"),
            (overridden, Liveness::Protected, "overridden: protect threshold"),
            (stale, Liveness::Unknown, "unknown: stale since 03:13:40"),
            (Health::Derived { healthy: true }, Liveness::Up, "derived: its lease runs"),
            (Health::Unknown { why: UnknownHealth::ProtectedView }, Liveness::Unknown, "unknown: protected view only"),
        ] {
            assert_eq!(text(&with(health, liveness), LIVE), expected);
        }
    }

    #[test]
    fn a_drain_names_the_person_where_it_is_known() {
        let mut drained = row("10.0.0.1", Liveness::Drained);
        drained.instance.enabled = false;
        assert_eq!(text(&drained, LIVE), "disabled in Nacos");
        let step = Step { at: Millis(90_000), from: Some(Liveness::Up), to: Liveness::Drained };
        drained.history.push(HistoryStep { step, evidence: Evidence::Edited { by: "oncall-b".into(), change: None } });
        assert_eq!(text(&drained, LIVE), "set by oncall-b");
    }

    #[test]
    fn only_a_live_source_has_an_age() {
        let up = row("10.0.0.1", Liveness::Up);
        let as_of = |freshness| provenance(&up, freshness, None, Lang::En, |_| String::new()).as_of;
        assert_eq!((as_of(LIVE), as_of(Freshness::Stale { since: Millis(1) })), (Some(Millis(100_000)), None));
    }
}
