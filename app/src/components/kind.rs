//! The two letters in front of a registry's name.

use leptos::prelude::*;
use pilothouse_model::RegistryKind;

use crate::view::view;

/// The badge of a protocol. Without a kind (the registry is not known here yet) it keeps its place.
pub(crate) fn kind(kind: Option<RegistryKind>) -> AnyView {
    view! { <abbr class="kind" title=kind.map(RegistryKind::name)>{kind.map_or("··", RegistryKind::badge)}</abbr> }
}
