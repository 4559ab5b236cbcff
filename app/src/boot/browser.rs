//! The browser's entry points: hydrate what the server rendered, or render everything from nothing while developing.

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos_router::location::Url;

use super::Boot;
use crate::App;

/// Called by the document's module script once the wasm module is there.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let text = document().get_element_by_id("boot").and_then(|element| element.text_content()).unwrap_or_default();
    match serde_json::from_str::<Boot>(&text) {
        Ok(boot) => wasm_bindgen_futures::spawn_local(hydrate_page(boot)),
        // The server-rendered page stays readable; only its liveness is gone.
        Err(error) => leptos::logging::error!("the page's boot data cannot be read: {error}"),
    }
}

/// Loads the page's own module first, so that hydration finds everything there and is done at once.
#[cfg(feature = "hydrate")]
async fn hydrate_page(boot: Boot) {
    // As the router reads it.
    let path = Url::unescape_minimal(&window().location().pathname().unwrap_or_default());
    if let Some(page) = crate::pages::Page::at(path.strip_prefix(&boot.base).unwrap_or(&path))
        && crate::pages::load(page).await.is_err()
    {
        // The server-rendered page stays readable, and its links lead to documents.
        leptos::logging::error!("the page's module cannot be loaded");
        return;
    }
    leptos::mount::hydrate_body(move || start(boot));
}

/// Renders the app from nothing, for the client-side development loop.
#[cfg(feature = "csr")]
pub fn mount() {
    console_error_panic_hook::set_once();
    let languages = window().navigator().language();
    let cookie = crate::data::cookie();
    let boot = Boot {
        base: String::new(),
        preferences: crate::preferences::Preferences::from_headers(cookie.as_deref(), languages.as_deref()),
        build: String::new(),
        now: crate::live::browser_now(),
        assets: super::Assets::default(),
        outline: super::Outline::new(pilothouse_model::Actor::local(), Default::default(), Default::default(), Vec::new()),
    };
    leptos::mount::mount_to_body(move || start(boot));
}

fn start(boot: Boot) -> impl IntoView {
    crate::place::keep_base(&boot.base);
    provide_context(boot);
    view! { <App /> }
}
