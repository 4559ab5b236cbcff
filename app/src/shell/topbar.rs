//! The bar at the top: where we are, search, how many sources are live, and what the reader chose.

use leptos::prelude::*;

use super::nav::mark;
use super::section::{self, Section};
use super::{Float, Floating};
use crate::boot::Boot;
use crate::chosen::{use_chosen, use_lang};
use crate::components::{Glyph, changing, icon, icon_small};
use crate::i18n::{moment, shell};
use crate::live::use_live;
use crate::place;
use crate::preferences::Zone;
use crate::view::view;

/// The bar.
#[component]
pub(super) fn Topbar() -> impl IntoView {
    let Floating(floating) = expect_context();
    let search = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        floating.set(Some(Float::Palette));
    };
    view! {
        <header class="topbar">
            <a class="mark" href=place::href("/") aria-label="Pilothouse">{mark()}</a>
            <Crumbs />
            <a class="search end" href=place::href("/services") on:click=search>
                <span class="row">{icon(Glyph::Search)}{move || shell::texts(use_lang()).search_what}</span>
                <kbd>"/"</kbd>
            </a>
            <Sources />
            <Choices />
        </header>
    }
}

/// Where we are.
#[component]
fn Crumbs() -> impl IntoView {
    let here = section::here();
    let live = use_live();
    changing(move || {
        let t = shell::texts(use_lang());
        let (section, rest) = here.with(|path| Section::of(path).map_or((None, String::new()), |(s, rest)| (Some(s), rest.to_owned())));
        let name = match section {
            Some(Section::Overview) => t.fleet,
            Some(section) => section.name(t),
            None => t.not_found,
        };
        // The readable part of the path, until the service itself is known by its real name.
        let leaf = changing(move || {
            let known = live.service.with(|held| held.as_ref().and_then(|held| Some(held.answer.as_ref()?.row.name.to_string())));
            known.unwrap_or_else(|| rest.rsplit_once('~').map_or("…", |(slug, _)| slug).to_owned())
        });
        let deep = here.with(|path| Section::of(path).is_some_and(|(_, rest)| !rest.is_empty()));
        let first = match section {
            Some(section) if deep => view! { <a href=section.href()>{name}</a> },
            _ => view! { <span aria-current="page">{name}</span> },
        };
        let last = deep.then(|| view! { <span aria-hidden="true">"/"</span><span class="cut" aria-current="page">{leaf}</span> });
        view! { <nav class="crumbs" aria-label=t.breadcrumb>{first}{last}</nav> }
    })
}

/// How many sources are live.
#[component]
fn Sources() -> impl IntoView {
    let live = use_live();
    let whole = Memo::new(move |_| {
        let (fresh, all) = live.registries_live();
        fresh == all
    });
    view! {
        <a class="fresh" href=place::href("/registries") data-status=move || if whole.get() { "up" } else { "late" }>
            {move || icon_small(if whole.get() { Glyph::Live } else { Glyph::Late })}
            <b>{move || { let (fresh, all) = live.registries_live(); (shell::texts(use_lang()).registries_live)(fresh, all) }}</b>
            " "
            <span>{move || shell::texts(use_lang()).registries_live_unit}</span>
        </a>
    }
}

/// Language, theme, zone, and who reads.
#[component]
fn Choices() -> impl IntoView {
    let chosen = use_chosen();
    let live = use_live();
    let actor = expect_context::<Boot>().outline.actor.to_string();
    let local = move || chosen.all().zone == Zone::Local;
    view! {
        <span class="row wide choices">
            <button
                type="button" class="btn quiet scripted" lang=move || chosen.lang().other().tag()
                aria-label=move || shell::texts(chosen.lang()).other_lang_label
                on:click=move |_| chosen.change(|p| p.lang = p.lang.other())
            >
                {move || shell::texts(chosen.lang()).other_lang}
            </button>
            <button
                type="button" class="btn quiet icon scripted" aria-label=move || shell::texts(chosen.lang()).switch_theme
                on:click=move |_| chosen.switch_theme()
            >
                {icon(Glyph::Sun)}
            </button>
            <button
                type="button" class="btn quiet scripted"
                aria-label=move || { let t = shell::texts(chosen.lang()); if local() { t.show_utc } else { t.show_local } }
                on:click=move |_| chosen.change(|p| p.zone = if p.zone == Zone::Local { Zone::Utc } else { Zone::Local })
            >
                {move || moment::zone(chosen.offset(live.clock.now.get_untracked()))}
            </button>
            <span class="row actor" title=move || shell::texts(chosen.lang()).local_mode>{icon(Glyph::User)}{actor}</span>
        </span>
    }
}
