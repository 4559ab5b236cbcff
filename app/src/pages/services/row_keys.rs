//! Keys in the table: `j` `k` and arrows move, `x` selects, Enter opens (the focused row is a link).

use leptos::html;
use leptos::prelude::*;

use super::shown::Shown;
use super::window::Sight;

/// Listens for as long as the page lives. Does nothing on the server.
pub(super) fn listen(shown: Shown, scrolled: NodeRef<html::Div>, sight: RwSignal<Sight>) {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| browser::pressed(shown, scrolled, sight, &event));
        on_cleanup(move || handle.remove());
    });
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    let _ = (shown, scrolled, sight);
}

#[cfg(any(feature = "hydrate", feature = "csr"))]
mod browser {
    use leptos::ev::KeyboardEvent;
    use leptos::html;
    use leptos::prelude::*;
    use pilothouse_model::ServiceId;
    use wasm_bindgen::JsCast;
    use web_sys::HtmlElement;

    use super::super::row::focus_id;
    use super::super::shown::Shown;
    use super::super::window::{Sight, measure};
    use crate::shell::typing;

    pub(super) fn pressed(shown: Shown, scrolled: NodeRef<html::Div>, sight: RwSignal<Sight>, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() || typing(event) || floats() {
            return;
        }
        let (here, inside) = (focused(), in_table(scrolled));
        let order = untrack(|| shown.order());
        let at = here.and_then(|id| order.iter().position(|other| *other == id));
        let first = untrack(|| sight.get().seen(order.len())).0.saturating_sub(1);
        let to = match &*event.key() {
            "j" => at.map_or(first, |at| at + 1),
            "k" => at.map_or(first, |at| at.saturating_sub(1)),
            "ArrowDown" if inside => at.map_or(first, |at| at + 1),
            "ArrowUp" if inside => at.map_or(first, |at| at.saturating_sub(1)),
            "x" => {
                if let Some(id) = here {
                    shown.chosen.update(|chosen| {
                        if !chosen.remove(&id) {
                            chosen.insert(id);
                        }
                    });
                }
                return;
            }
            _ => return,
        };
        let Some(id) = order.get(to.min(order.len().saturating_sub(1))).copied() else { return };
        event.prevent_default();
        let index = to.min(order.len() - 1);
        if let (Some(top), Some(element)) = (sight.get_untracked().reveal(index), scrolled.get_untracked()) {
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            element.set_scroll_top(top as i32);
            measure(scrolled, sight);
        }
        // The row exists only after the next frame.
        request_animation_frame(move || {
            let row = document().get_element_by_id(&focus_id(id)).and_then(|row| row.dyn_into::<HtmlElement>().ok());
            if let Some(row) = row {
                let _ = row.focus();
            }
        });
    }

    /// The service whose row has focus.
    fn focused() -> Option<ServiceId> {
        let row = document().active_element()?.closest("tr").ok().flatten()?;
        row.query_selector("a.name").ok().flatten()?.id().strip_prefix("service-")?.parse().ok()
    }

    fn in_table(scrolled: NodeRef<html::Div>) -> bool {
        let active = document().active_element();
        scrolled.get_untracked().is_some_and(|table| table.contains(active.as_ref().map(AsRef::as_ref)))
    }

    /// Whether something floats above the page.
    fn floats() -> bool {
        document().query_selector("dialog[open]").ok().flatten().is_some()
    }
}
