//! The navigation of narrow windows, at the bottom.

use leptos::prelude::*;

use super::section::{self, Section};
use super::{Float, Floating};
use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon_large};
use crate::i18n::shell;
use crate::view::view;

/// The places and the search.
#[component]
pub(super) fn BottomBar() -> impl IntoView {
    let here = section::here();
    let Floating(floating) = expect_context();
    changing(move || {
        let t = shell::texts(use_lang());
        let link = |section: Section| {
            let name = if section == Section::Overview { t.fleet } else { section.name(t) };
            view! { <a href=section.href() aria-current=move || section::current(here, section)>{icon_large(section.glyph())}{name}</a> }
        };
        view! {
            <nav class="bottombar" aria-label=t.main_short>
                {Section::ALL.map(link)}
                <button type="button" class="scripted" on:click=move |_| floating.set(Some(Float::Palette))>
                    {icon_large(Glyph::Search)}{t.search}
                </button>
            </nav>
        }
    })
}
