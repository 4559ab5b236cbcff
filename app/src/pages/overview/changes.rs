//! Latest changes that a person or a deploy made.

use leptos::prelude::*;
use pilothouse_api::ChangeRow;

use crate::components::{Moment, changing, icon, moment};
use crate::data;
use crate::i18n::{Lang, overview, words};
use crate::live::Live;
use crate::place;
use crate::shell::mark_glyph;
use crate::view::view;

/// The list, read anew when the horizon shows another mark: changes are rare, and not worth a topic of their own.
pub(super) fn followed(live: Live, changes: Vec<ChangeRow>) -> RwSignal<Vec<ChangeRow>> {
    let shown = RwSignal::new(changes);
    Effect::new(move |before: Option<_>| {
        let latest = live.horizon.with(|horizon| horizon.marks.last().cloned());
        if before.is_some_and(|before| before != latest) {
            leptos::task::spawn_local(async move {
                if let Ok(answer) = data::load_overview().await {
                    let _ = shown.try_set(answer.changes);
                }
            });
        }
        latest
    });
    shown
}

/// The pane.
pub(super) fn pane(lang: Lang, changes: RwSignal<Vec<ChangeRow>>) -> impl IntoView {
    let t = overview::texts(lang);
    let count = changing(move || changes.with(|rows| if rows.is_empty() { String::new() } else { (t.changes_count)(rows.len()) }));
    let list = changing(move || {
        changes.with(|rows| {
            if rows.is_empty() {
                view! { <p class="dim">{t.no_changes}</p> }
            } else {
                view! { <ol class="timeline short">{rows.iter().map(|row| line(lang, row)).collect_view()}</ol> }
            }
        })
    });
    view! {
        <section class="pane">
            <header><h2>{t.changes}</h2><span class="sub">{count}</span></header>
            <div class="body">{list}</div>
        </section>
    }
}

fn line(lang: Lang, row: &ChangeRow) -> impl IntoView + use<> {
    let values = match (words::changed(lang, row.kind, &row.from), words::changed(lang, row.kind, &row.to)) {
        ("", to) => to.to_owned(),
        (from, "") => from.to_owned(),
        (from, to) => format!("{from} → {to}"),
    };
    let by = row.by.clone().unwrap_or_else(|| overview::texts(lang).outside.to_owned());
    view! {
        <li>
            {moment(row.at, Moment::Minute)}
            <span class="dot">{icon(mark_glyph(row.kind))}</span>
            <div class="row">
                <span class="cut grow">
                    <a href=place::service_named(row.service, &row.name)>{row.name.clone()}</a>
                    " "<span class="dim">{words::mark(lang, row.kind)}</span>" "{values}
                </span>
                <span class="sub nowrap">{by}</span>
            </div>
        </li>
    }
}
