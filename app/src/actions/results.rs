//! What came of each instance, while it is written and afterwards.

use leptos::prelude::*;

use super::run::{Item, Run, Step};
use super::summary;
use crate::components::{Glyph, changing, icon, icon_small};
use crate::i18n::Lang;
use crate::i18n::actions::texts;
use crate::view::view;

/// What is wrong with the form, then what came of each instance.
pub(super) fn results(run: Run, wrong: RwSignal<Option<String>>, single: bool, lang: Lang) -> impl IntoView {
    changing(move || {
        if let Some(why) = wrong.get() {
            return Some(view! { <p class="chip" data-status="unhealthy">{icon(Glyph::Unhealthy)}{why}</p> });
        }
        let items = run.items.get();
        if items.iter().all(|item| item.step == Step::Waiting) {
            return None;
        }
        let lines = items.into_iter().map(|item| result(&item, single, lang)).collect_view();
        Some(view! { <ul class="outcomes">{lines}</ul> })
    })
}

fn result(item: &Item, single: bool, lang: Lang) -> impl IntoView + use<> {
    let t = texts(lang);
    let (status, glyph, word) = match &item.step {
        Step::Waiting => ("neutral", Glyph::Minus, t.waiting.to_owned()),
        Step::Running => ("neutral", Glyph::Late, t.running.to_owned()),
        Step::Ended(outcome) => {
            let mark = summary::mark(outcome);
            (mark.status(), mark.glyph(), summary::word(outcome, lang))
        }
    };
    let address = (!single).then(|| view! { <span class="mono">{item.target.row.instance.address()}</span> });
    view! {
        <li data-status=status>
            {icon_small(glyph)}
            {address}
            <span class="mid">{word}</span>
        </li>
    }
}
