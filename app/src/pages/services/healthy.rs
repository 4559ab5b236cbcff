//! How many of a service's instances are healthy: a number and a bar, or a hatch where nothing is known.

use leptos::prelude::*;
use pilothouse_model::Liveness;

use crate::view::view;

/// `8 / 12`, or `? / 12` from a source that may not be believed.
pub(super) fn number(healthy: Option<u32>, total: u32) -> impl IntoView {
    let healthy = healthy.map_or_else(|| "?".to_owned(), |healthy| healthy.to_string());
    view! { <b class="strong">{healthy}</b><span class="sub">" / "{total}</span> }
}

/// The same as a bar.
pub(super) fn bar(liveness: Liveness, healthy: Option<u32>, total: u32) -> impl IntoView {
    let class = if healthy.is_none() { "share hatch" } else { "share" };
    let percent = match healthy {
        Some(healthy) if total > 0 => healthy.min(total) * 100 / total,
        _ => 0,
    };
    let (well, ill) = match healthy {
        Some(_) if total > 0 => (percent, 100 - percent),
        _ => (0, 0),
    };
    view! {
        <span class=class data-status=liveness.slug()>
            <i class="well" style=format!("--w:{well}%")></i>
            <i class="ill" style=format!("--from:{well}%;--w:{ill}%")></i>
        </span>
    }
}
