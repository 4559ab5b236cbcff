//! The zones that get a column of their own.

use leptos::prelude::*;

use super::shown::Shown;
use crate::distinct::distinct;

/// Most zones with a column; beyond that nobody compares by eye.
const MOST: usize = 4;

/// A zone and the short name at the head of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ZoneColumn {
    /// Its name.
    pub(super) zone: String,
    /// What tells it from the others: `1a` of `east-1a`.
    pub(super) short: String,
}

/// The zones of all services that are held, by name.
pub(super) fn zones(shown: Shown) -> Memo<Vec<ZoneColumn>> {
    Memo::new(move |_| {
        let names = if shown.whole() {
            shown.live.services.counts.with(|counts| distinct(counts.zones.keys().cloned()))
        } else {
            shown.remote.order.track();
            distinct(shown.rows().iter().flat_map(|row| row.zones.iter().map(|zone| zone.name.clone())))
        };
        shorten(&names.into_iter().take(MOST).collect::<Vec<_>>())
    })
}

/// Cuts off what all names begin with, up to the last dash in it.
fn shorten(names: &[String]) -> Vec<ZoneColumn> {
    let mut same = names.first().map_or(0, String::len);
    for name in names {
        same = names[0].bytes().zip(name.bytes()).take(same).take_while(|(a, b)| a == b).count().min(same);
    }
    let same = names.first().and_then(|first| first.get(..same)).and_then(|start| start.rfind('-')).map_or(0, |dash| dash + 1);
    names.iter().map(|zone| ZoneColumn { short: zone[same..].to_owned(), zone: zone.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_told_apart_by_what_differs() {
        for (names, shorts) in [
            (&["east-1a", "east-1b", "east-1c"][..], &["1a", "1b", "1c"][..]),
            (&["east-1a", "west-1a"], &["east-1a", "west-1a"]),
            (&["east-1a"], &["1a"]),
            (&["a", "ab"], &["a", "ab"]),
            (&["区一", "区二"], &["区一", "区二"]),
            (&[], &[]),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(shorten(&names).iter().map(|column| &*column.short).collect::<Vec<_>>(), shorts);
        }
    }
}
