//! The buttons of the Services page's selection bar: an action on every instance of the services chosen.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use pilothouse_api::Problem;
use pilothouse_model::ServiceId;

use super::ask::{Action, Ask, Place};
use super::dialog::action_dialog;
use crate::chosen::use_lang;
use crate::components::{Glyph, Outcome, Toast, Toasts, changing, icon};
use crate::data;
use crate::i18n::actions::texts;
use crate::live::{Live, use_live};
use crate::view::view;

/// Buttons for weight, drain and restore. What each instance is now is read when a button is pressed, so that the dialog names
/// what it will touch.
pub(crate) fn bulk(chosen: Signal<Vec<ServiceId>>) -> impl IntoView {
    let (live, toasts) = (use_live(), Toasts::here());
    let ask = RwSignal::new(None::<Ask>);
    let press = move |action: Action| {
        let ids = chosen.get_untracked();
        spawn_local(async move {
            match gather(live, action, ids).await {
                Ok(wanted) => _ = ask.try_set(wanted),
                Err(Problem { title, detail, .. }) => toasts.push(Toast { outcome: Outcome::Failed, title, text: detail, action: None }),
            }
        });
    };
    changing(move || {
        let t = texts(use_lang());
        let button = |action: Action, glyph: Glyph, word: &'static str| {
            view! {
                <button type="button" class="btn" on:click=move |_| press(action)>
                    {icon(glyph)}
                    {word}
                </button>
            }
        };
        view! {
            {button(Action::Weight, Glyph::Weight, t.edit_weight)}
            {button(Action::Drain, Glyph::Drained, t.drain)}
            {button(Action::Restore, Glyph::Returned, t.restore)}
            {action_dialog(ask, use_lang())}
        }
    })
}

/// Every instance of these services that its registry lets be changed like this; `None` when there is nobody.
async fn gather(live: Live, action: Action, ids: Vec<ServiceId>) -> Result<Option<Ask>, Problem> {
    let mut all: Option<Ask> = None;
    for id in ids {
        let answer = data::load_service(id).await?;
        let kind = live.registries.with_untracked(|rows| rows.iter().find(|row| row.id == answer.row.registry).map(|row| row.kind));
        let place = Place::of(&answer, kind);
        let Some(ask) = Ask::on(action, place, answer.instances.into_iter().map(Arc::new)) else { continue };
        match &mut all {
            Some(all) => all.targets.extend(ask.targets),
            None => all = Some(ask),
        }
    }
    Ok(all)
}
