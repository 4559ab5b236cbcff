//! What every adapter must do, as tests that know nothing of any registry.
//!
//! [`run`] takes an adapter and a [`Fixture`], which changes the same registry behind the adapter's back, as the services
//! of a team do. It runs on fakes and on real servers alike, and panics with the first promise that is broken.

mod cancellation;
mod configs;
mod fixture;
mod instances;
mod watcher;
mod watching;

use std::sync::Arc;

pub use cancellation::give_up_after;
pub use fixture::{Fixture, Sample};
pub use watcher::Watcher;

use crate::Registry;

/// Runs the whole suite, one part after the other.
///
/// # Panics
/// With the promise that was broken.
pub async fn run(registry: Arc<dyn Registry>, fixture: &dyn Fixture) {
    watching::a_list_and_then_every_change(&registry, fixture).await;
    watching::no_gap_between_list_and_changes(&registry, fixture).await;
    watching::a_new_list_is_whole(&registry, fixture).await;
    watching::any_name_is_carried(&registry, fixture).await;
    instances::reads_agree_with_the_watch(&registry, fixture).await;
    instances::writes_are_done_or_unsupported(&registry, fixture).await;
    configs::reads_and_writes_are_done_or_unsupported(&registry, fixture).await;
    configs::rare_things_are_done_or_unsupported(&registry, fixture).await;
    cancellation::anything_may_be_given_up(&registry, fixture).await;
}
