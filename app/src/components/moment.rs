//! A moment: UTC for machines, the reader's zone for people.

use leptos::prelude::*;
use pilothouse_model::Millis;

use super::changing;
use crate::chosen::use_chosen;
use crate::i18n::moment as text;
use crate::view::view;

/// How much of a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// `03:14`.
    Minute,
    /// `03:14:22`.
    Second,
}

/// A moment in `<time>`; hovering tells all of it, with its zone.
pub(crate) fn moment(at: Millis, how: Moment) -> impl IntoView {
    let chosen = use_chosen();
    let written = changing(move || {
        let offset = chosen.offset(at);
        match how {
            Moment::Minute => text::minute(at, offset),
            Moment::Second => text::clock(at, offset),
        }
    });
    let whole = changing(move || {
        let offset = chosen.offset(at);
        format!("{} {} {}", text::date(at, offset), text::clock(at, offset), text::zone(offset))
    });
    view! { <time datetime=text::iso(at) title=whole>{written}</time> }
}
