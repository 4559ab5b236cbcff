//! Moving through the rows of a table by keyboard: arrows or `j` and `k`, from one row's main link to the next.

use leptos::ev::KeyboardEvent;

/// Handles the keys of a table whose rows hold one element marked `data-row` each.
#[expect(clippy::needless_pass_by_value, reason = "the shape an event handler has")]
pub(crate) fn move_in_rows(event: KeyboardEvent) {
    #[cfg(feature = "browser")]
    let _ = browser::moved(&event);
    #[cfg(not(feature = "browser"))]
    let _ = event;
}

#[cfg(feature = "browser")]
mod browser {
    use leptos::ev::KeyboardEvent;
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement, HtmlInputElement};

    pub(super) fn moved(event: &KeyboardEvent) -> Option<()> {
        let forward = match event.key().as_str() {
            "ArrowDown" | "j" => true,
            "ArrowUp" | "k" => false,
            _ => return None,
        };
        let focused = document().active_element()?;
        let typing = focused.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.type_() != "checkbox");
        if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return None;
        }
        let table = focused.closest("table").ok()??;
        let stops = table.query_selector_all("[data-row]").ok()?;
        let row = focused.closest("tr").ok()?;
        let stop = |at: u32| stops.item(at).and_then(|node| node.dyn_into::<Element>().ok());
        let at = (0..stops.length()).find(|at| stop(*at).and_then(|stop| stop.closest("tr").ok().flatten()) == row);
        let next = match at {
            Some(at) if forward => at + 1,
            Some(at) => at.checked_sub(1)?,
            None => 0,
        };
        let next: HtmlElement = stop(next)?.dyn_into().ok()?;
        event.prevent_default();
        next.focus().ok()
    }
}
