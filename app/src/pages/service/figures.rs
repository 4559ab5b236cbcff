//! What is counted over the instances of a service. Ghosts are those that were there within the last half hour.

use pilothouse_api::{InstanceRow, ServiceAnswer, SharePart};
use pilothouse_model::{Freshness, Liveness};

use crate::distinct::distinct;

/// The answer as it may be shown under this freshness of its source: from a stale one nothing is known but what is gone.
pub(super) fn seen_through(answer: &ServiceAnswer, freshness: Freshness) -> ServiceAnswer {
    let mut answer = answer.clone();
    answer.freshness = freshness;
    if !freshness.is_live() {
        answer.row.liveness = Liveness::Unknown;
        answer.row.healthy = None;
        for row in answer.instances.iter_mut().filter(|row| row.gone.is_none()) {
            row.liveness = Liveness::Unknown;
            row.instance.health = row.instance.health.seen_through(freshness);
        }
    }
    answer
}

/// Instances by liveness, the states that occur, quiet ones first and alarming ones behind them.
pub(super) fn by_state(rows: &[InstanceRow]) -> Vec<(Liveness, usize)> {
    Liveness::ALL
        .into_iter()
        .map(|state| (state, rows.iter().filter(|row| row.liveness == state).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// Whether consumers are told to send traffic there.
pub(crate) fn in_rotation(row: &InstanceRow) -> bool {
    row.gone.is_none() && row.instance.enabled && row.instance.weight > 0.0 && row.liveness != Liveness::Unhealthy
}

/// How many of `rows` are in rotation.
pub(super) fn count_in_rotation<'a>(rows: impl IntoIterator<Item = &'a InstanceRow>) -> usize {
    rows.into_iter().filter(|row| in_rotation(row)).count()
}

/// The greatest weight of an instance that is there: what a full weight bar means.
pub(super) fn full_weight(rows: &[InstanceRow]) -> f64 {
    rows.iter().filter(|row| row.gone.is_none()).map(|row| row.instance.weight).fold(1.0, f64::max)
}

/// Instances that are there, cut by what `name` says of them: count, and weight of those in rotation. Most weight first for
/// versions to be compared, so ties are broken by name. Instances of which `name` says nothing are one part without a name.
pub(super) fn split_by(rows: &[InstanceRow], name: impl Fn(&InstanceRow) -> Option<&str>) -> Vec<SharePart> {
    let mut parts: Vec<SharePart> = Vec::new();
    for row in rows.iter().filter(|row| row.gone.is_none()) {
        let name = name(row).unwrap_or_default();
        let weight = if in_rotation(row) { row.instance.weight } else { 0.0 };
        match parts.iter_mut().find(|part| part.name == name) {
            Some(part) => {
                part.count += 1;
                part.weight += weight;
            }
            None => parts.push(SharePart { name: name.to_owned(), count: 1, weight }),
        }
    }
    heaviest_first(&mut parts);
    parts
}

fn heaviest_first(parts: &mut [SharePart]) {
    parts.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.name.cmp(&b.name)));
}

/// The versions of a service in a fixed order, so that a colour keeps its version while weights move.
pub(super) fn versions(rows: &[InstanceRow]) -> Vec<String> {
    distinct(rows.iter().filter_map(|row| row.instance.version())).into_iter().map(str::to_owned).collect()
}

/// The value that all instances that are there share; `None` when they differ or there are none.
pub(super) fn same<T: PartialEq>(rows: &[InstanceRow], value: impl Fn(&InstanceRow) -> T) -> Option<T> {
    let mut values = rows.iter().filter(|row| row.gone.is_none()).map(value);
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

/// Instances that the registry itself holds for healthy, and all of those that count for protection: the enabled ones.
pub(super) fn healthy_share(rows: &[InstanceRow]) -> Option<(usize, usize)> {
    let counted = || rows.iter().filter(|row| row.gone.is_none() && row.instance.enabled);
    let known: Option<Vec<bool>> = counted().map(|row| row.instance.health.healthy()).collect();
    known.map(|known| (known.iter().filter(|healthy| **healthy).count(), known.len()))
}

#[cfg(test)]
mod tests {
    use super::super::sample::row;
    use super::*;

    #[test]
    fn only_what_takes_traffic_is_in_rotation() {
        let mut drained = row("10.0.0.2", Liveness::Drained);
        drained.instance.weight = 0.0;
        let mut disabled = row("10.0.0.3", Liveness::Drained);
        disabled.instance.enabled = false;
        let mut ghost = row("10.0.0.5", Liveness::Removed);
        ghost.gone = Some(pilothouse_model::Millis(1));
        let rows = [
            row("10.0.0.1", Liveness::Up),
            drained,
            disabled,
            row("10.0.0.4", Liveness::Unhealthy),
            ghost,
            row("10.0.0.6", Liveness::Late),
        ];
        assert_eq!(count_in_rotation(&rows), 2, "up and late");
        let states = [(Liveness::Up, 1), (Liveness::Drained, 2), (Liveness::Late, 1), (Liveness::Unhealthy, 1), (Liveness::Removed, 1)];
        assert_eq!(by_state(&rows), states);
    }

    #[test]
    fn a_version_out_of_rotation_keeps_its_count_and_loses_its_weight() {
        let mut new = row("10.0.0.3", Liveness::Up);
        new.instance.metadata.insert("version".into(), "2".into());
        new.instance.weight = 0.0;
        let rows = [row("10.0.0.1", Liveness::Up), row("10.0.0.2", Liveness::Up), new];
        let parts = split_by(&rows, |row| row.instance.version());
        let parts: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.count, part.weight)).collect();
        assert_eq!(parts, [("1", 2, 2.0), ("2", 1, 0.0)]);
    }

    #[test]
    fn a_stale_source_knows_nothing_of_who_is_there() {
        let answer = super::super::sample::answer(vec![row("10.0.0.1", Liveness::Up)]);
        let stale = seen_through(&answer, Freshness::Stale { since: pilothouse_model::Millis(5) });
        assert_eq!((stale.row.liveness, stale.row.healthy), (Liveness::Unknown, None));
        assert_eq!((stale.instances[0].liveness, stale.instances[0].instance.health.healthy()), (Liveness::Unknown, None));
    }
}
