//! No such page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon};
use crate::i18n::shell;
use crate::place;
use crate::view::view;

/// What a path nobody knows shows.
#[component]
pub(crate) fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(status) = use_context::<crate::data::PageStatus>() {
        status.set(404);
    }
    changing(move || {
        let t = shell::texts(use_lang());
        view! {
            <Title text=t.not_found />
            <div class="state">{icon(Glyph::Unknown)}<h1>{t.not_found}</h1><p>{t.not_found_why}</p><a class="btn small" href=place::href("/")>{t.to_fleet}</a></div>
        }
    })
}
