//! Keys that work on every page.

use super::{Float, Floating};

/// Listens for as long as the tab lives. Does nothing on the server.
pub(super) fn listen(floating: Floating) {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    {
        use leptos::prelude::*;

        let live = crate::live::use_live();
        Effect::new(move |_| {
            let handle = window_event_listener(leptos::ev::keydown, move |event| {
                let control = event.ctrl_key() || event.meta_key();
                let float = match &*event.key() {
                    "k" if control => Some(Float::Palette),
                    _ if control || event.alt_key() || typing(&event) || floating.0.get_untracked().is_some() => return,
                    "/" => Some(Float::Palette),
                    "?" => Some(Float::Keys),
                    "p" => return live.hold_or_go_on(),
                    _ => return,
                };
                event.prevent_default();
                floating.0.set(float);
            });
            on_cleanup(move || handle.remove());
        });
    }
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    let _ = (floating, Float::Palette, Float::Keys);
}

/// Whether a key was meant for a field and not for the page.
#[cfg(any(feature = "hydrate", feature = "csr"))]
pub(crate) fn typing(event: &leptos::ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;

    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        let tag = element.tag_name();
        let kind = element.get_attribute("type").unwrap_or_default();
        matches!(&*tag, "TEXTAREA" | "SELECT") || (tag == "INPUT" && !matches!(&*kind, "checkbox" | "radio"))
    })
}
