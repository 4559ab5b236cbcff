//! The headline of a service that fails: which of its instances, what they share, since when. Derived from the rows alone.

use pilothouse_api::{InstanceRow, ServiceAnswer};
use pilothouse_model::{Freshness, Liveness, Millis};

use crate::distinct::distinct;

/// Fewer failing instances than this on one host are no pattern.
const MOST_AT_LEAST: usize = 3;

/// What is wrong with a service, the most telling sentence of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// The source is lost: its instances are unknown, not down.
    Lost {
        /// The last proof of life; `None`: it was never read.
        since: Option<Millis>,
        /// Instances in the view that is shown.
        instances: usize,
    },
    /// Instances fail.
    Failing {
        /// How many.
        count: usize,
        /// Of how many, ghosts included.
        of: usize,
        /// What they share.
        share: Share,
        /// How many are in which state, the most alarming first.
        states: Vec<(Liveness, usize)>,
        /// Since when the first of them fails.
        since: Millis,
    },
    /// Nothing is in rotation although nothing fails: everything was drained.
    Empty,
    /// A protection rewrites health for consumers.
    Protected {
        /// Instances that are healthy underneath; `None` when that is not told.
        healthy: Option<usize>,
        /// Instances in all.
        of: usize,
    },
}

/// What failing instances share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// There is only this one.
    One(String),
    /// Every instance of the service fails.
    All,
    /// All of them are on this host.
    Host(String),
    /// All of them are in this zone, and nobody else in it is well.
    Zone(String),
    /// They are on several hosts, but most of them, and this many, are on this one.
    Mostly(String, usize),
    /// They are on this many hosts.
    Hosts(usize),
}

impl Verdict {
    /// The status of the sentence.
    pub(super) fn status(&self) -> Liveness {
        match self {
            Self::Lost { .. } => Liveness::Unknown,
            Self::Failing { states, .. } => states.first().map_or(Liveness::Unknown, |(state, _)| *state),
            Self::Empty => Liveness::Drained,
            Self::Protected { .. } => Liveness::Protected,
        }
    }
}

/// The verdict on a service, as seen through the freshness of its source; `None` when there is nothing to say.
pub(super) fn verdict(answer: &ServiceAnswer) -> Option<Verdict> {
    let rows = &answer.instances;
    let there = || rows.iter().filter(|row| row.gone.is_none());
    match answer.freshness {
        Freshness::Live { .. } => {}
        Freshness::Stale { since } => return Some(Verdict::Lost { since: Some(since), instances: there().count() }),
        Freshness::Never => return Some(Verdict::Lost { since: None, instances: there().count() }),
    }
    let failing: Vec<&InstanceRow> = rows.iter().filter(|row| row.liveness.is_failing()).collect();
    if let Some(since) = failing.iter().map(|row| row.since).min() {
        let states = Liveness::ALL.into_iter().rev().map(|state| (state, failing.iter().filter(|row| row.liveness == state).count()));
        return Some(Verdict::Failing {
            count: failing.len(),
            of: rows.len(),
            share: share(&failing, rows),
            states: states.filter(|(_, count)| *count > 0).collect(),
            since,
        });
    }
    if answer.service.as_ref().is_some_and(|service| service.protection.is_some()) {
        let known: Option<Vec<bool>> = there().map(|row| row.instance.health.healthy()).collect();
        let healthy = known.map(|known| known.into_iter().filter(|healthy| *healthy).count());
        return Some(Verdict::Protected { healthy, of: there().count() });
    }
    let drained = there().count() > 0 && super::figures::count_in_rotation(rows) == 0;
    drained.then_some(Verdict::Empty)
}

fn share(failing: &[&InstanceRow], rows: &[InstanceRow]) -> Share {
    let hosts = distinct(failing.iter().map(|row| row.instance.host.as_str()));
    let zones = distinct(failing.iter().map(|row| row.instance.zone()));
    let zone = zones.first().copied().flatten().filter(|_| zones.len() == 1);
    let well_in = |zone| rows.iter().any(|row| !row.liveness.is_failing() && row.instance.zone() == Some(zone));
    match (failing, hosts.first()) {
        ([one], _) => Share::One(one.instance.address()),
        _ if failing.len() == rows.len() => Share::All,
        (_, Some(host)) if hosts.len() == 1 => Share::Host((*host).to_owned()),
        _ => match zone {
            Some(zone) if !well_in(zone) => Share::Zone(zone.to_owned()),
            _ => {
                let on = |host: &&str| failing.iter().filter(|row| row.instance.host == **host).count();
                let (host, count) = hosts.iter().map(|host| (*host, on(host))).max_by_key(|(_, count)| *count).unwrap_or_default();
                if count >= MOST_AT_LEAST && count * 2 > failing.len() {
                    Share::Mostly(host.to_owned(), count)
                } else {
                    Share::Hosts(hosts.len())
                }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{answer, row};
    use super::*;
    use Liveness::{Drained, Late, Removed, Unhealthy, Up};

    fn in_zone(mut row: InstanceRow, zone: &str) -> InstanceRow {
        row.instance.metadata.insert("zone".into(), zone.into());
        row
    }

    fn shared(rows: Vec<InstanceRow>) -> Share {
        match verdict(&answer(rows)) {
            Some(Verdict::Failing { share, .. }) => share,
            other => panic!("not failing: {other:?}"),
        }
    }

    #[test]
    fn the_sentence_names_what_the_failing_share() {
        let up = || row("10.0.0.1", Up);
        let (b, c) = (|host| in_zone(row(host, Removed), "east-1b"), |host| in_zone(row(host, Late), "east-1c"));
        for (rows, expected) in [
            (vec![up(), row("10.0.0.2", Late)], Share::One("10.0.0.2:8080".into())),
            (vec![up(), row("10.0.0.2", Late), row("10.0.0.2", Removed)], Share::Host("10.0.0.2".into())),
            (vec![up(), b("10.0.0.2"), b("10.0.0.3")], Share::Zone("east-1b".into())),
            (vec![up(), b("10.0.0.2"), b("10.0.0.3"), in_zone(row("10.0.0.4", Up), "east-1b")], Share::Hosts(2)),
            (vec![up(), b("10.0.0.2"), c("10.0.0.3")], Share::Hosts(2)),
            (vec![up(), b("10.0.0.2"), b("10.0.0.2"), b("10.0.0.2"), c("10.0.0.3")], Share::Mostly("10.0.0.2".into(), 3)),
            (vec![b("10.0.0.2"), c("10.0.0.3")], Share::All),
        ] {
            assert_eq!(shared(rows), expected);
        }
    }

    #[test]
    fn the_worst_state_colours_the_sentence_and_the_first_failure_dates_it() {
        let mut first = row("10.0.0.2", Late);
        first.since = Millis(70_000);
        let verdict = verdict(&answer(vec![row("10.0.0.1", Up), first, row("10.0.0.3", Unhealthy)])).unwrap();
        assert_eq!(verdict.status(), Unhealthy);
        let Verdict::Failing { states, since, count, of, .. } = verdict else { panic!("{verdict:?}") };
        assert_eq!((states, since, count, of), (vec![(Unhealthy, 1), (Late, 1)], Millis(70_000), 2, 3));
    }

    #[test]
    fn a_lost_source_is_never_a_failing_service() {
        let mut lost = answer(vec![row("10.0.0.1", Removed), row("10.0.0.2", Up)]);
        lost.freshness = Freshness::Stale { since: Millis(5) };
        assert_eq!(verdict(&lost), Some(Verdict::Lost { since: Some(Millis(5)), instances: 1 }));
    }

    #[test]
    fn what_is_well_says_nothing() {
        assert_eq!(verdict(&answer(vec![row("10.0.0.1", Up)])), None);
        assert_eq!(verdict(&answer(vec![])), None);
        let mut out = row("10.0.0.1", Drained);
        out.instance.enabled = false;
        assert_eq!(verdict(&answer(vec![out])), Some(Verdict::Empty));
    }
}
