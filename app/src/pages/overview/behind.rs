//! The table behind the heat-map: what is not well by name, and how many are well.

use leptos::prelude::*;
use pilothouse_model::Liveness;

use super::counts;
use crate::components::{behind, changing};
use crate::i18n::{Lang, amount, overview, words};
use crate::live::Live;

/// The table. It is counted when the fleet changes in size, not with every beat: who needs every row has the Services page.
pub(super) fn table(lang: Lang, live: Live) -> impl IntoView {
    let t = overview::texts(lang);
    changing(move || {
        live.services.order.track();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (registry, states) in &live.services.counts.get_untracked().registries {
            let stale = live.is_stale(registry);
            for state in counts::STATES.into_iter().chain([Liveness::Returned]) {
                let seen = if stale { Liveness::Unknown } else { state };
                let count = states[state as usize];
                if count > 0 {
                    rows.push(vec![registry.to_string(), words::liveness(lang, seen).to_owned(), amount::count(count)]);
                }
            }
        }
        behind(vec![t.column_place.to_owned(), t.column_state.to_owned(), t.column_count.to_owned()], rows, lang)
    })
}
