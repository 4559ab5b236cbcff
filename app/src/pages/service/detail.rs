//! What unfolds below a row: why it is as it is, all of its metadata, and what can be done.

use std::cmp::Reverse;

use leptos::prelude::*;
use pilothouse_api::InstanceRow;
use pilothouse_model::{Liveness, Millis};

use super::page::Page;
use crate::actions::{Action, offered, will_return};
use crate::components::{Glyph, Moment, icon_small, moment};
use crate::i18n::service::texts;
use crate::i18n::{actions, evidence, words};
use crate::view::view;

/// The newest changes that are shown.
const STEPS: usize = 8;

/// Everything about one instance.
pub(super) fn detail(page: Page, row: &InstanceRow) -> AnyView {
    let t = texts(page.lang);
    view! {
        <div class="detail">
            <section>
                <h3>{(t.why)(words::liveness(page.lang, row.liveness))}</h3>
                {history(page, row)}
            </section>
            <section>
                <h3>{t.metadata}</h3>
                {metadata(page, row)}
            </section>
            {(row.gone.is_none()).then(|| what_to_do(page, row))}
        </div>
    }
}

/// Changes within the hour and the last beat, newest first.
fn history(page: Page, row: &InstanceRow) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let kind = page.kind();
    let beat = row.instance.heartbeat;
    let steps = row.history.iter().rev().take(STEPS).map(|change| {
        let step = change.step;
        (step.at, step.to, evidence::line(page.lang, &change.evidence, step.from, step.to, kind, beat.unhealthy_after_ms))
    });
    let last = beat.last.map(|last| (last, Liveness::Up, t.last_beat.to_owned()));
    let mut lines: Vec<(Millis, Liveness, String)> = steps.chain(last).collect();
    lines.sort_by_key(|(at, ..)| Reverse(*at));
    let lines = lines.into_iter().map(|(at, state, line)| {
        view! {
            <li>
                {moment(at, Moment::Second)}
                <span class="dot" data-status=state.slug()>
                    {icon_small(Glyph::of(state))}
                </span>
                <div>{line}</div>
            </li>
        }
    });
    let none = row.history.is_empty().then(|| view! { <p class="dim">{t.no_history}</p> });
    view! {
        {none}
        <ol class="timeline tight">{lines.collect_view()}</ol>
    }
}

fn metadata(page: Page, row: &InstanceRow) -> impl IntoView + use<> {
    let t = texts(page.lang);
    if row.instance.metadata.is_empty() {
        return view! { <p class="dim">{t.no_metadata}</p> };
    }
    let pairs = row.instance.metadata.clone().into_iter().map(|(key, value)| view! { <dt>{key}</dt><dd>{value}</dd> });
    view! { <dl class="facts mono">{pairs.collect_view()}</dl> }
}

fn what_to_do(page: Page, row: &InstanceRow) -> impl IntoView + use<> {
    let (t, words) = (texts(page.lang), actions::texts(page.lang));
    let can = page.seen.with(|seen| seen.capabilities.instances);
    let id = row.id;
    let offers = offered(row, can);
    let none = offers.is_empty();
    let buttons = offers.into_iter().map(|action| {
        let (word, class) = match action {
            Action::Weight => (words.edit_weight, "btn"),
            Action::Drain => (words.drain, "btn"),
            Action::Restore => (words.restore, "btn"),
            Action::Metadata => (words.edit_metadata, "btn"),
            Action::Deregister => (words.deregister, "btn danger"),
        };
        view! {
            <button type="button" class=class on:click=move |_| page.ask(action, [id])>
                {word}
            </button>
        }
    });
    let note = if none { t.no_actions } else { will_return(&row.instance, page.kind(), page.lang) };
    view! {
        <section>
            <h3>{t.actions}</h3>
            <div class="row wrap small tight needs-script">{buttons.collect_view()}</div>
            <p class="dim">{note}</p>
        </section>
    }
}
