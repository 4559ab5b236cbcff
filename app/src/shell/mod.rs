//! What stands around every page: navigation, top bar, the hour of the fleet, search and keys.

mod bottom;
mod horizon;
mod hotkeys;
mod keys;
mod live_button;
mod nav;
mod notices;
mod palette;
mod section;
mod topbar;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use pilothouse_api::Topic;

use crate::chosen::use_lang;
use crate::components::{Toasts, toast_region};
use crate::i18n::shell;
use crate::live::use_live;
use crate::view::view;

pub(crate) use horizon::glyph as mark_glyph;
#[cfg(any(feature = "hydrate", feature = "csr"))]
pub(crate) use hotkeys::typing;
pub(crate) use section::Section;

/// Which of the floating parts is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Float {
    /// Search over everything.
    Palette,
    /// The list of keys.
    Keys,
}

/// Opens and closes what floats. In context of everything inside the shell.
#[derive(Clone, Copy)]
struct Floating(RwSignal<Option<Float>>);

/// The frame around the pages.
#[component]
pub(crate) fn Shell(children: Children) -> impl IntoView {
    let live = use_live();
    live.follow([Topic::Totals, Topic::Registries, Topic::Horizon]);
    let floating = Floating(RwSignal::new(None));
    provide_context(floating);
    Toasts::provide();
    hotkeys::listen(floating);
    arrive_at_main();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Pilothouse".to_owned() } else { format!("{title} · Pilothouse") } />
        <a class="skip" href="#main" rel="external">{move || shell::texts(use_lang()).skip}</a>
        <div class="app">
            <nav::Nav />
            <topbar::Topbar />
            <horizon::HorizonStrip />
            <main id="main" tabindex="-1">
                <notices::Notices />
                {children()}
            </main>
            <bottom::BottomBar />
        </div>
        {move || toast_region(use_lang())}
        <palette::Palette />
        <keys::Keys />
    }
}

/// After a change of page, focus starts at its top, as it would after a load.
fn arrive_at_main() {
    let pathname = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = pathname.get();
        #[cfg(any(feature = "hydrate", feature = "csr"))]
        if before.is_some_and(|before| before != path) {
            use wasm_bindgen::JsCast;

            let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(main) = main {
                let _ = main.focus();
            }
        }
        #[cfg(not(any(feature = "hydrate", feature = "csr")))]
        let _ = before;
        path
    });
}
