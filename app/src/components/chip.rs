//! A state as icon, word and colour: always all three.

use leptos::prelude::*;
use pilothouse_model::Liveness;

use super::{Glyph, icon};
use crate::i18n::{Lang, words};
use crate::view::view;

/// A state in a row.
pub(crate) fn chip(lang: Lang, liveness: Liveness) -> AnyView {
    view! { <span class="chip" data-status=liveness.slug()>{icon(Glyph::of(liveness))}{words::liveness(lang, liveness)}</span> }
}

/// A state on its own ground: once a page, in a header.
pub(crate) fn chip_boxed(lang: Lang, liveness: Liveness) -> AnyView {
    view! { <span class="chip boxed" data-status=liveness.slug()>{icon(Glyph::of(liveness))}{words::liveness(lang, liveness)}</span> }
}

/// Any other word that is a status.
pub(crate) fn status_chip(status: &'static str, glyph: Glyph, word: impl IntoView) -> AnyView {
    view! { <span class="chip" data-status=status>{icon(glyph)}{word}</span> }
}
