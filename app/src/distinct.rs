//! The different values among many.

use std::collections::BTreeSet;

/// Puts values into a set, one by one. Collecting would sort them first, and the browser bundle would hold a sort for every type.
pub(crate) fn distinct<T: Ord>(values: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(values);
    set
}
