//! The freshness of a source, with its age.

use leptos::prelude::*;
use pilothouse_model::{Freshness, Millis};

use super::{Glyph, icon_small};
use crate::i18n::{Lang, amount, shell};
use crate::view::view;

/// `live 0.4 s`, `stale 42 s`. One for a source, never for a row.
pub(crate) fn fresh(lang: Lang, freshness: Freshness, now: Millis) -> AnyView {
    let t = shell::texts(lang);
    let (status, glyph, word, age) = match freshness {
        Freshness::Live { proof } => ("up", Glyph::Live, t.live, amount::age(lang, now.since(proof))),
        Freshness::Stale { since } => ("unknown", Glyph::Stale, t.stale, amount::duration(lang, now.since(since))),
        Freshness::Never => ("unknown", Glyph::Stale, t.never_read, String::new()),
    };
    view! { <span class="fresh" data-status=status>{icon_small(glyph)}<b>{word}</b>" "<span>{age}</span></span> }
}
