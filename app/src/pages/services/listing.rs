//! Which services are listed, in which order. Live updates change rows, never their places: sorting happens when the reader asks.

use std::collections::HashSet;
use std::sync::Arc;

use pilothouse_api::{ServiceFilter, ServiceRow, ServiceSort};
use pilothouse_model::ServiceId;

/// The list as shown, and how far it is from what sorting again would give.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listing {
    /// Rows in the order shown.
    pub(super) shown: Arc<Vec<ServiceId>>,
    /// How many services match now.
    pub(super) matching: u32,
    /// Rows that are not where sorting again would put them.
    pub(super) moved: usize,
}

/// Matching rows in their order.
fn fresh(filter: &ServiceFilter, mut rows: Vec<Arc<ServiceRow>>) -> Vec<ServiceId> {
    rows.retain(|row| filter.matches(row));
    if filter.sort != ServiceSort::Place {
        // Rows are held by place already.
        filter.sort(&mut rows);
    }
    rows.iter().map(|row| row.id).collect()
}

impl Listing {
    /// The list as the reader asked for it.
    pub(super) fn asked(filter: &ServiceFilter, rows: Vec<Arc<ServiceRow>>) -> Self {
        let shown = fresh(filter, rows);
        Self { matching: whole(shown.len()), shown: Arc::new(shown), moved: 0 }
    }

    /// The same list after live updates: what is gone leaves, what newly matches comes last, and everything else stays.
    pub(super) fn kept(&self, filter: &ServiceFilter, rows: Vec<Arc<ServiceRow>>) -> Self {
        let held: HashSet<ServiceId> = rows.iter().map(|row| row.id).collect();
        let fresh = fresh(filter, rows);
        let mut shown: Vec<ServiceId> = self.shown.iter().copied().filter(|id| held.contains(id)).collect();
        let known: HashSet<ServiceId> = shown.iter().copied().collect();
        shown.extend(fresh.iter().copied().filter(|id| !known.contains(id)));
        let moved = shown.len().abs_diff(fresh.len()) + shown.iter().zip(&fresh).filter(|(a, b)| a != b).count();
        let shown = if shown == *self.shown { Arc::clone(&self.shown) } else { Arc::new(shown) };
        Self { matching: whole(fresh.len()), shown, moved }
    }
}

fn whole(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Liveness, Millis, Namespace, Scope, ServiceKey};

    use super::*;

    fn row(name: &str, liveness: Liveness) -> Arc<ServiceRow> {
        let scope = Scope { registry: "r".parse().unwrap(), namespace: Namespace::new("n"), group: "".into() };
        let key = ServiceKey { scope, name: name.into() };
        Arc::new(ServiceRow {
            id: key.id(),
            registry: key.scope.registry,
            namespace: key.scope.namespace,
            group: key.scope.group,
            name: key.name,
            liveness,
            since: Millis(0),
            healthy: Some(1),
            total: 1,
            versions: vec![],
            zones: vec![],
            via: None,
            interval_ms: None,
            history: vec![],
        })
    }

    fn names(listing: &Listing, rows: &[Arc<ServiceRow>]) -> Vec<String> {
        listing.shown.iter().map(|id| rows.iter().find(|row| row.id == *id).unwrap().name.to_string()).collect()
    }

    #[test]
    fn a_row_that_gets_worse_keeps_its_place_until_asked() {
        let worst = ServiceFilter { sort: ServiceSort::Worst, ..ServiceFilter::default() };
        let before = vec![row("a", Liveness::Up), row("b", Liveness::Late), row("c", Liveness::Up)];
        let listing = Listing::asked(&worst, before.clone());
        assert_eq!((names(&listing, &before), listing.moved), (vec!["b".into(), "a".into(), "c".into()], 0));
        let after = vec![row("a", Liveness::Up), row("b", Liveness::Late), row("c", Liveness::Removed)];
        let kept = listing.kept(&worst, after.clone());
        assert_eq!((names(&kept, &after), kept.moved), (vec!["b".into(), "a".into(), "c".into()], 3));
        assert_eq!(names(&Listing::asked(&worst, after.clone()), &after), ["c", "b", "a"]);
    }

    #[test]
    fn what_newly_matches_comes_last_and_what_is_gone_leaves() {
        let late = ServiceFilter { states: vec![Liveness::Late], ..ServiceFilter::default() };
        let listing = Listing::asked(&late, vec![row("a", Liveness::Up), row("b", Liveness::Late), row("c", Liveness::Late)]);
        let after = vec![row("a", Liveness::Late), row("c", Liveness::Up)];
        let kept = listing.kept(&late, after.clone());
        assert_eq!((names(&kept, &after), kept.matching), (vec!["c".into(), "a".into()], 1));
    }

    #[test]
    fn nothing_new_is_the_same_list() {
        let all = ServiceFilter::default();
        let rows = vec![row("a", Liveness::Up), row("b", Liveness::Late)];
        let listing = Listing::asked(&all, rows.clone());
        let kept = listing.kept(&all, rows);
        assert!(Arc::ptr_eq(&kept.shown, &listing.shown));
        assert_eq!(kept, listing);
    }
}
