//! A token of a filter bar: one parameter of the URL, and the way to take it away.

use leptos::prelude::*;

use super::{Glyph, icon_small};
use crate::i18n::{Lang, components};
use crate::view::view;

/// `name: value` with a link to the page without it: works without a script, and Back restores it.
pub(crate) fn token(name: &'static str, value: String, without: String, lang: Lang) -> impl IntoView {
    let label = (components::texts(lang).remove_filter)(&format!("{name}: {value}"));
    view! {
        <span class="token">
            <span>{name}":"</span>
            <b>{value}</b>
            <a class="off" href=without aria-label=label>
                {icon_small(Glyph::X)}
            </a>
        </span>
    }
}
