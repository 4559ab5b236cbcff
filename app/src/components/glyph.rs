//! Icons: one sprite a page, referred to by name.

use leptos::prelude::*;
use pilothouse_model::Liveness;

use crate::view::view;

/// Everything the sprite draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Away,
    Copy,
    Down,
    Download,
    Drained,
    Flapping,
    Fwd,
    Half,
    Info,
    Late,
    Ledger,
    Live,
    Metadata,
    Minus,
    Overview,
    Pause,
    Play,
    Plus,
    Protected,
    Publish,
    Registry,
    Removed,
    Returned,
    Scaling,
    Search,
    Services,
    Stale,
    Sun,
    Table,
    Unhealthy,
    Unknown,
    Up,
    User,
    Warn,
    Weight,
    X,
}

impl Glyph {
    /// The reference into the sprite.
    fn href(self) -> &'static str {
        match self {
            Self::Away => "#i-away",
            Self::Copy => "#i-copy",
            Self::Down => "#i-down",
            Self::Download => "#i-download",
            Self::Drained => "#i-drained",
            Self::Flapping => "#i-flapping",
            Self::Fwd => "#i-fwd",
            Self::Half => "#i-half",
            Self::Info => "#i-info",
            Self::Late => "#i-late",
            Self::Ledger => "#i-ledger",
            Self::Live => "#i-live",
            Self::Metadata => "#i-metadata",
            Self::Minus => "#i-minus",
            Self::Overview => "#i-overview",
            Self::Pause => "#i-pause",
            Self::Play => "#i-play",
            Self::Plus => "#i-plus",
            Self::Protected => "#i-protected",
            Self::Publish => "#i-publish",
            Self::Registry => "#i-registry",
            Self::Removed => "#i-removed",
            Self::Returned => "#i-returned",
            Self::Scaling => "#i-scaling",
            Self::Search => "#i-search",
            Self::Services => "#i-services",
            Self::Stale => "#i-stale",
            Self::Sun => "#i-sun",
            Self::Table => "#i-table",
            Self::Unhealthy => "#i-unhealthy",
            Self::Unknown => "#i-unknown",
            Self::Up => "#i-up",
            Self::User => "#i-user",
            Self::Warn => "#i-warn",
            Self::Weight => "#i-weight",
            Self::X => "#i-x",
        }
    }

    /// The shape of a state.
    pub(crate) fn of(liveness: Liveness) -> Self {
        match liveness {
            Liveness::Up => Self::Up,
            Liveness::Returned => Self::Returned,
            Liveness::Drained => Self::Drained,
            Liveness::Protected => Self::Protected,
            Liveness::Unknown => Self::Unknown,
            Liveness::Flapping => Self::Flapping,
            Liveness::Late => Self::Late,
            Liveness::Unhealthy => Self::Unhealthy,
            Liveness::Removed => Self::Removed,
        }
    }
}

/// An icon of 14 px. It says nothing to a screen reader: a word stands beside it.
pub(crate) fn icon(glyph: Glyph) -> AnyView {
    view! { <svg class="i" aria-hidden="true"><use href=glyph.href()></use></svg> }
}

/// An icon of 12 px.
pub(crate) fn icon_small(glyph: Glyph) -> AnyView {
    view! { <svg class="i s" aria-hidden="true"><use href=glyph.href()></use></svg> }
}

/// An icon of 16 px.
pub(crate) fn icon_large(glyph: Glyph) -> AnyView {
    view! { <svg class="i l" aria-hidden="true"><use href=glyph.href()></use></svg> }
}

/// The sprite itself, once a page.
pub(crate) fn sprite() -> impl IntoView {
    view! { <svg width="0" height="0" class="sprite" aria-hidden="true" inner_html=include_str!("sprite.svg")></svg> }
}
