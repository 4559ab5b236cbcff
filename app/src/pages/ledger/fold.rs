//! What belongs together is one entry: a burst, what was found on return, and the time we were away.

use pilothouse_api::{Gap, LedgerRow};
use pilothouse_model::{Evidence, Liveness, Millis};

use crate::distinct::distinct;

/// Rows this close to each other may be one burst.
const CLOSE_MS: i64 = 5_000;
/// Fewer rows than this are shown as they are.
const LEAST: usize = 3;

/// One entry of the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    /// A row of its own.
    One(LedgerRow),
    /// Rows that belong together, newest first.
    Burst(Burst),
    /// Nothing was seen.
    Away(Gap),
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Burst {
    /// The rows, newest first; at least three.
    pub(super) rows: Vec<LedgerRow>,
    /// The state all of them came to; `None`: they were found on return, whatever they came to.
    pub(super) to: Option<Liveness>,
}

/// What an entry is recognised by while rows are added at the top.
pub(super) type Key = (u8, i64, usize);

impl Entry {
    /// Changes when the entry must be drawn anew.
    pub(super) fn key(&self) -> Key {
        match self {
            Self::One(row) => (0, row.id, 1),
            Self::Burst(burst) => (1, burst.id(), burst.rows.len()),
            Self::Away(gap) => (2, gap.from.0, 0),
        }
    }

    fn moment(&self) -> Millis {
        match self {
            Self::One(row) => row.occurred.moment(),
            Self::Burst(burst) => burst.rows[0].occurred.moment(),
            Self::Away(gap) => gap.until,
        }
    }
}

impl Burst {
    /// Its oldest row's: the same while newer ones join.
    pub(super) fn id(&self) -> i64 {
        self.rows.last().map_or(0, |row| row.id)
    }

    /// The moments of its first and its last row.
    pub(super) fn ends(&self) -> (Millis, Millis) {
        let moments = || self.rows.iter().map(|row| row.occurred.moment());
        (moments().min().unwrap_or_default(), moments().max().unwrap_or_default())
    }

    /// The host all rows are on, if there is one.
    pub(super) fn host(&self) -> Option<&str> {
        let first = self.rows[0].host.as_str();
        (!first.is_empty() && self.rows.iter().all(|row| row.host == first)).then_some(first)
    }

    /// How many different values its rows have.
    pub(super) fn distinct<T: Ord>(&self, of: impl Fn(&LedgerRow) -> T) -> usize {
        distinct(self.rows.iter().map(of)).len()
    }
}

/// Folds rows, newest first, into entries in the same order. Rows of one registry that came to the same state within five seconds
/// of the newest are a burst, also when rows of another kind stand between them; so are equal edits of one service. A gap before the oldest row is shown only once
/// the rows are `complete`: until then more of them may belong in between.
pub(super) fn fold(rows: &[LedgerRow], gaps: &[Gap], complete: bool) -> Vec<Entry> {
    let mut groups: Vec<Vec<LedgerRow>> = Vec::new();
    for row in rows {
        let open = groups.iter_mut().rev().take(8).find(|group| belongs(&group[0], row));
        match open {
            Some(group) => group.push(row.clone()),
            None => groups.push(vec![row.clone()]),
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    for group in groups {
        if group.len() < LEAST {
            entries.extend(group.into_iter().map(Entry::One));
        } else {
            let to = (!on_return(&group[0])).then_some(group[0].to);
            entries.push(Entry::Burst(Burst { rows: group, to }));
        }
    }
    let reach = rows.last().map(|row| row.occurred.moment());
    entries.extend(gaps.iter().filter(|gap| complete || reach.is_none_or(|reach| gap.until >= reach)).map(|gap| Entry::Away(*gap)));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.moment()));
    entries
}

fn on_return(row: &LedgerRow) -> bool {
    row.evidence == Evidence::FoundOnReturn
}

/// Whether a row belongs to the group that `first` began.
fn belongs(first: &LedgerRow, row: &LedgerRow) -> bool {
    let close = first.occurred.moment().since(row.occurred.moment()).abs() <= CLOSE_MS;
    if on_return(first) || on_return(row) {
        return close && on_return(first) && on_return(row);
    }
    if first.only_edit().is_some() || row.only_edit().is_some() {
        return close && first.registry == row.registry && first.service == row.service && first.evidence == row.evidence;
    }
    close && first.to == row.to && first.registry == row.registry && row.service.is_some() && first.service.is_some()
}

#[cfg(test)]
pub(in crate::pages::ledger) mod tests {
    use pilothouse_model::{Edited, InstanceEdit, Occurred};
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn row(id: i64, at: i64, host: &str, to: Liveness) -> LedgerRow {
        let at = Millis(at);
        LedgerRow {
            id,
            occurred: Occurred { at: None, seen: at, not_before: at - 300, not_after: at },
            registry: "nacos-prod-east".parse().unwrap(),
            service: Some("0123456789abcdef".parse().unwrap()),
            namespace: "prod".into(),
            name: "checkout-api".into(),
            address: format!("{host}:8080"),
            host: host.into(),
            from: Some(Liveness::Up),
            to,
            evidence: Evidence::Registry,
        }
    }

    fn shape(entries: &[Entry]) -> Vec<(u8, usize)> {
        entries.iter().map(Entry::key).map(|(kind, _, len)| (kind, len)).collect()
    }

    #[test]
    fn three_of_a_kind_within_five_seconds_are_a_burst() {
        use Liveness::{Late, Removed};
        let rows = [
            row(6, 60_000, "a", Removed),
            row(5, 58_000, "b", Removed),
            row(4, 57_000, "c", Late),
            row(3, 55_000, "a", Removed),
            row(2, 49_000, "a", Removed),
            row(1, 48_000, "a", Removed),
        ];
        let entries = fold(&rows, &[], true);
        assert_eq!(shape(&entries), [(1, 3), (0, 1), (0, 1), (0, 1)], "6, 5 and 3 belong together; 2 and 1 are too few");
        let Entry::Burst(burst) = &entries[0] else { panic!() };
        assert_eq!((burst.id(), burst.host(), burst.ends()), (3, None, (Millis(55_000), Millis(60_000))));
    }

    #[test]
    fn equal_edits_of_one_service_are_a_burst_of_their_own() {
        let edited = |id, at, weight| {
            let weights = |weight| InstanceEdit { weight: Some(weight), ..InstanceEdit::default() };
            let change = Some(Box::new(Edited { from: weights(1.0), to: weights(weight) }));
            LedgerRow { evidence: Evidence::Edited { by: "local".into(), change }, ..row(id, at, "a", Liveness::Up) }
        };
        let rows =
            [edited(5, 9_300, 2.0), edited(4, 9_200, 5.0), row(3, 9_150, "a", Liveness::Up), edited(2, 9_100, 5.0), edited(1, 9_000, 5.0)];
        assert_eq!(shape(&fold(&rows, &[], true)), [(0, 1), (1, 3), (0, 1)]);
    }

    #[test]
    fn what_was_found_on_return_is_one_entry_whatever_it_came_to() {
        let mut rows = vec![row(3, 9_000, "a", Liveness::Up), row(2, 9_000, "b", Liveness::Removed), row(1, 9_000, "c", Liveness::Up)];
        rows.iter_mut().for_each(|row| row.evidence = Evidence::FoundOnReturn);
        let gap = Gap { from: Millis(1_000), until: Millis(8_900) };
        assert_eq!(shape(&fold(&rows, &[gap], true)), [(1, 3), (2, 0)]);
    }

    #[test]
    fn a_gap_beyond_the_rows_that_are_loaded_waits() {
        let gap = Gap { from: Millis(1_000), until: Millis(2_000) };
        assert_eq!(shape(&fold(&[row(1, 9_000, "a", Liveness::Late)], &[gap], false)), [(0, 1)]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_newest_stays_first(moves in proptest::collection::vec((0i64..30_000, 0usize..9, 0u8..3), 0..60)) {
            let mut moves = moves;
            moves.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
            let rows: Vec<LedgerRow> = moves.iter().enumerate()
                .map(|(n, (at, to, host))| row(1_000 - n as i64, *at, &host.to_string(), Liveness::ALL[*to])).collect();
            let entries = fold(&rows, &[], true);
            let mut ids: Vec<i64> = entries.iter().flat_map(|entry| match entry {
                Entry::One(row) => vec![row.id],
                Entry::Burst(burst) => burst.rows.iter().map(|row| row.id).collect(),
                Entry::Away(_) => vec![],
            }).collect();
            prop_assert!(entries.windows(2).all(|pair| pair[0].moment() >= pair[1].moment()));
            ids.sort_unstable();
            let mut all: Vec<i64> = rows.iter().map(|row| row.id).collect();
            all.sort_unstable();
            prop_assert_eq!(ids, all);
        }
    }
}
