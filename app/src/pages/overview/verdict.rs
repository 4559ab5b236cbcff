//! The verdict for those who listen: said politely, and at most once in five seconds.

use leptos::prelude::*;
use pilothouse_model::Liveness;

use super::counts;
use crate::i18n::{Lang, overview};
use crate::live::Live;
use crate::view::view;

/// A live region that nobody sees.
pub(super) fn verdict(lang: Lang, live: Live) -> impl IntoView {
    let five_seconds = Memo::new(move |_| live.now().0.div_euclid(5_000));
    let said = Memo::new(move |_| {
        five_seconds.track();
        let (failing, stale) = untrack(|| {
            let failing = Liveness::ALL.into_iter().filter(|state| state.is_failing()).map(|state| counts::of(live, state)).sum();
            let (fresh, all) = live.registries_live();
            (failing, all - fresh)
        });
        (overview::texts(lang).verdict)(failing, stale)
    });
    view! { <p class="sr" role="status">{move || said.get()}</p> }
}
