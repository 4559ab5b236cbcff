//! The reader's preferences as signals, and how a change of them reaches the document and the cookie.

use leptos::prelude::*;
use pilothouse_model::Millis;

use crate::i18n::Lang;
use crate::preferences::{Density, Preferences, Theme, Zone};

/// What the reader chose, live. Cheap to copy; in context of every view.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    preferences: RwSignal<Preferences>,
    /// The language alone, so that a change of theme redraws no text.
    lang: Memo<Lang>,
    /// Whether this runs in a browser that took over from the server. Before that, times are UTC whatever was chosen.
    awake: RwSignal<bool>,
}

/// The preferences in context.
pub(crate) fn use_chosen() -> Chosen {
    expect_context()
}

/// The language; reading it subscribes to its change.
pub(crate) fn use_lang() -> Lang {
    use_chosen().lang()
}

impl Chosen {
    /// Preferences as the request told them.
    pub(crate) fn new(preferences: Preferences) -> Self {
        let preferences = RwSignal::new(preferences);
        let awake = RwSignal::new(false);
        Effect::new(move |_| awake.set(true));
        Self { preferences, lang: Memo::new(move |_| preferences.with(|p| p.lang)), awake }
    }

    /// The language; reading it subscribes to its change.
    pub(crate) fn lang(self) -> Lang {
        self.lang.get()
    }

    /// Everything; reading it subscribes to every change.
    pub(crate) fn all(self) -> Preferences {
        self.preferences.get()
    }

    /// Minutes to add to UTC for this moment, as the reader wants to see it.
    pub(crate) fn offset(self, at: Millis) -> i32 {
        if self.awake.get() && self.preferences.with(|p| p.zone) == Zone::Local { browser_offset(at) } else { 0 }
    }

    /// Changes the preferences, here, in the document and in the cookie.
    pub(crate) fn change(self, change: impl FnOnce(&mut Preferences)) {
        self.preferences.update(change);
        keep(self.preferences.get_untracked());
    }

    /// Turns day into night: what is shown now decides, also where the system chose it.
    pub(crate) fn switch_theme(self) {
        let dark = match self.preferences.with_untracked(|p| p.theme) {
            Theme::Dark => true,
            Theme::Light => false,
            Theme::Auto => system_is_dark(),
        };
        self.change(|p| p.theme = if dark { Theme::Light } else { Theme::Dark });
    }

    /// Changes the height of rows.
    pub(crate) fn switch_density(self) {
        self.change(|p| p.density = if p.density == Density::Dense { Density::Cosy } else { Density::Dense });
    }
}

#[cfg(any(feature = "hydrate", feature = "csr"))]
fn browser_offset(at: Millis) -> i32 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in a double")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.0 as f64));
    #[expect(clippy::cast_possible_truncation, reason = "within a day")]
    let minutes = -date.get_timezone_offset() as i32;
    minutes
}

#[cfg(not(any(feature = "hydrate", feature = "csr")))]
fn browser_offset(_at: Millis) -> i32 {
    0
}

#[cfg(any(feature = "hydrate", feature = "csr"))]
fn system_is_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches())
}

#[cfg(not(any(feature = "hydrate", feature = "csr")))]
fn system_is_dark() -> bool {
    false
}

/// Writes the document's attributes and the cookie.
#[cfg(any(feature = "hydrate", feature = "csr"))]
fn keep(preferences: Preferences) {
    use wasm_bindgen::JsCast;

    if let Some(root) = document().document_element() {
        let set = |name: &str, value: Option<&str>| {
            let _ = match value {
                Some(value) => root.set_attribute(name, value),
                None => root.remove_attribute(name),
            };
        };
        set("lang", Some(preferences.lang.tag()));
        set("data-theme", preferences.theme.attribute());
        set("data-density", preferences.density.attribute());
    }
    if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
        let _ = document.set_cookie(&preferences.to_cookie(&crate::place::base()));
    }
}

#[cfg(not(any(feature = "hydrate", feature = "csr")))]
fn keep(_preferences: Preferences) {}
