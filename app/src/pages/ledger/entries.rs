//! The table of entries, newest first.

use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_model::Millis;

use super::asked::Asked;
use super::fold::Entry;
use super::page::Page;
use super::{away, burst, line};
use crate::components::{Glyph, changing, icon_small, move_in_rows, state};
use crate::i18n::ledger::texts;
use crate::i18n::{components, moment};
use crate::view::view;

/// The pane.
pub(super) fn entries(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let empty = Memo::new(move |_| page.entries.with(|entries| entries.is_empty()));
    let zone = changing(move || {
        let now: Millis = page.live.clock.now.get_untracked();
        (t.when)(&moment::zone(page.chosen.offset(now)))
    });
    let entry = move |entry: Entry| match entry {
        Entry::One(row) => line::line(page, &Arc::new(row)).into_any(),
        Entry::Burst(burst) => burst::burst(page, &burst).into_any(),
        Entry::Away(gap) => away::away(page, gap).into_any(),
    };
    view! {
        <section class="pane" aria-label=t.entries>
            {move || news(page)}
            <div class="scroll-x" tabindex="0" role="region" aria-label=(components::texts(page.lang).table_of)(t.title)>
                <table class="table led" on:keydown=move_in_rows>
                    <thead>
                        <tr>
                            <th scope="col" aria-sort="descending">
                                {zone}
                            </th>
                            <th scope="col">{t.subject}</th>
                            <th scope="col">{t.from_to}</th>
                            <th scope="col" class="opt">{t.who}</th>
                            <th scope="col" class="opt">{t.evidence}</th>
                        </tr>
                    </thead>
                    <For each=move || page.entries.get().to_vec() key=Entry::key children=entry />
                </table>
            </div>
            {move || empty.get().then(|| nothing(page))}
            {move || earlier(page)}
        </section>
    }
}

/// New rows that wait while the reader is further down.
fn news(page: Page) -> Option<impl IntoView> {
    let t = texts(page.lang);
    let waiting = page.waiting.get();
    let show = move |_| {
        page.held.shown.set(None);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    (waiting > 0).then(|| {
        view! {
            <button type="button" class="btn primary small news" on:click=show>
                {icon_small(Glyph::Publish)}
                <span role="status">{(t.new_rows)(waiting)}</span>
            </button>
        }
    })
}

fn nothing(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let asked = page.held.asked.get_value();
    let bare = Asked { span: asked.span, ..Asked::default() };
    if asked == bare {
        state(Glyph::Ledger, t.nothing, t.nothing_why, ())
    } else {
        let clear = view! { <a class="btn small" href=Page::url(&bare)>{t.clear}</a> };
        state(Glyph::Ledger, t.nothing, t.nothing_filtered, clear)
    }
}

/// The way to earlier entries: read in place, or a page of its own without a script.
fn earlier(page: Page) -> AnyView {
    let t = texts(page.lang);
    let failed = page.held.failed.get().map(|problem| {
        view! { <p class="chip" data-status="unhealthy" role="alert">{icon_small(Glyph::Unhealthy)}{problem.to_string()}</p> }
    });
    match page.held.next_url() {
        Some(url) => {
            let load = move |event: leptos::ev::MouseEvent| {
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    event.prevent_default();
                    page.held.load_more();
                }
            };
            view! {
                <div class="earlier row">
                    <a class="btn small" href=url rel="next" on:click=load>
                        {t.earlier}
                    </a>
                    {failed}
                </div>
            }
        }
        None if page.rows.with(|rows| rows.is_empty()) => ().into_any(),
        None => view! { <p class="earlier dim">{t.beginning}</p> },
    }
}
