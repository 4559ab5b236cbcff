//! A part of a view that changes, kept in a variable.

use std::sync::{Arc, Mutex};

use leptos::tachys::reactive_graph::SharedReactiveFunction;

/// What changes, as it stands in a view.
pub(crate) type Changing<T> = SharedReactiveFunction<T>;

/// Gives what changes one type for all that give the same, as `view!` does by itself with a closure written in its braces.
///
/// A closure has a type of its own, and the browser bundle would hold the code that builds, hydrates and updates it once for each.
pub(crate) fn changing<T: 'static>(part: impl FnMut() -> T + Send + 'static) -> Changing<T> {
    Arc::new(Mutex::new(part))
}
