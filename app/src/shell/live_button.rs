//! The end of the horizon: how current the page is, and the button that holds it still.

use leptos::prelude::*;

use crate::chosen::{use_chosen, use_lang};
use crate::components::{Glyph, changing, icon_small};
use crate::i18n::{moment, shell};
use crate::live::{Link, use_live};
use crate::view::view;

/// `Live 03:14:22`, `Paused 03:14:22, 12 waiting`, `reconnecting, try 4, in 8 s`.
#[component]
pub(super) fn LiveButton() -> impl IntoView {
    let live = use_live();
    let chosen = use_chosen();
    let status = changing(move || match (live.link.get(), live.paused.get()) {
        (Link::Reconnecting { .. }, _) => "late",
        (Link::Stopped | Link::Still, _) | (_, Some(_)) => "unknown",
        (Link::Live, None) => "up",
    });
    let word = changing(move || {
        let t = shell::texts(use_lang());
        match (live.link.get(), live.paused.get()) {
            (Link::Reconnecting { .. }, _) => t.reconnecting,
            (Link::Stopped, _) => t.stopped,
            (_, Some(_)) => t.paused,
            (Link::Still, None) => t.still,
            (Link::Live, None) => t.live_now,
        }
    });
    let clock = changing(move || {
        let t = shell::texts(use_lang());
        match (live.link.get(), live.paused.get()) {
            (Link::Reconnecting { attempt, at }, _) => (t.reconnecting_in)(attempt, at.since(live.now())),
            (_, Some(since)) => moment::clock(since, chosen.offset(since)),
            _ => moment::clock(live.now(), chosen.offset(live.clock.now.get_untracked())),
        }
    });
    let waiting = changing(move || {
        let rows = live.waiting.get();
        if rows == 0 { String::new() } else { (shell::texts(use_lang()).waiting)(rows) }
    });
    view! {
        <button type="button" class="live" data-status=status aria-pressed=move || live.paused.get().is_some().to_string() on:click=move |_| live.hold_or_go_on()>
            <i data-beat=move || (live.frames.get() % 2).to_string()></i>
            <span>{word}</span>
            <span class="mono">{clock}</span>
            <span class="waiting">{waiting}</span>
            {move || icon_small(if live.paused.get().is_some() { Glyph::Play } else { Glyph::Pause })}
            <span class="sr">
                {move || { let t = shell::texts(use_lang()); if live.paused.get().is_some() { t.resume } else { t.pause } }}
            </span>
        </button>
    }
}
