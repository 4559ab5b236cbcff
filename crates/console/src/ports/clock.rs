//! Time and identifiers, as arguments.

use pilothouse_model::Millis;

/// The wall clock.
pub trait Clock: Send + Sync + 'static {
    /// Now. May jump in both directions.
    fn now(&self) -> Millis;
}

/// Fresh identifiers.
pub trait Ids: Send + Sync + 'static {
    /// A unique text that cannot be guessed and sorts by time of making.
    fn next(&self) -> String;
}
