//! The navigation at the side.

use leptos::prelude::*;

use super::section::{self, Section};
use crate::chosen::use_lang;
use crate::components::{changing, icon};
use crate::i18n::{amount, shell};
use crate::live::use_live;
use crate::place;
use crate::view::view;

/// The mark: a ship from ahead.
pub(super) fn mark() -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24" fill="currentColor" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"
            stroke-linecap="round" aria-hidden="true"
        >
            <path d="M12 1v3M2.5 4.5h19"></path>
            <path d="M4 7.5h4.3l.7 6H6.2zm6.3 0h3.4l-.4 6h-2.6zm5.4 0H20l-2.2 6H15z" stroke-width="1"></path>
            <path d="M3 17h18l-9 5.5z" stroke-width="1.2"></path>
        </svg>
    }
}

/// Name, places and counts.
#[component]
pub(super) fn Nav() -> impl IntoView {
    let live = use_live();
    let here = section::here();
    let link = move |section: Section, t: &'static shell::Texts| {
        let count = changing(move || {
            let count = match section {
                Section::Services => live.totals.with(|totals| totals.services),
                Section::Registries => live.registries_live().1,
                Section::Overview | Section::Ledger => return String::new(),
            };
            amount::count(count)
        });
        let name = section.name(t);
        view! {
            <a href=section.href() title=name aria-current=move || section::current(here, section)>
                {icon(section.glyph())}<b>{name}</b><span class="n">{count}</span>
            </a>
        }
    };
    view! {
        <nav class="nav" aria-label=move || shell::texts(use_lang()).main>
            <a class="brand" href=place::href("/")>{mark()}<span>"Pilothouse"</span></a>
            {move || {
                let t = shell::texts(use_lang());
                view! {
                    <section>
                        <h2>{t.fleet}</h2>
                        {[Section::Overview, Section::Services, Section::Ledger].map(|section| link(section, t))}
                    </section>
                    <section>
                        <h2>{t.console}</h2>
                        {link(Section::Registries, t)}
                    </section>
                }
            }}
        </nav>
    }
}
