//! Copying a text to the clipboard.

use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, changing, icon};
use crate::i18n::{Lang, components};
use crate::view::view;

/// How long the button says that it worked.
const SAID: Duration = Duration::from_secs(2);

/// A button that copies what `text` says when it is pressed.
pub(crate) fn copy_button(label: &'static str, text: impl Fn() -> String + Send + Sync + 'static, lang: Lang) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        write(&text());
        copied.set(true);
        set_timeout(move || copied.set(false), SAID);
    };
    let word = changing(move || if copied.get() { components::texts(lang).copied } else { label });
    view! {
        <button type="button" class="btn" on:click=copy>
            {icon(Glyph::Copy)}
            <span aria-live="polite">{word}</span>
        </button>
    }
}

/// Writes to the clipboard; where a page served without TLS has none, through a selection. Does nothing on the server.
fn write(text: &str) {
    #[cfg(feature = "browser")]
    let _ = browser::write(text);
    #[cfg(not(feature = "browser"))]
    let _ = text;
}

#[cfg(feature = "browser")]
mod browser {
    use leptos::prelude::{document, window};
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{HtmlDocument, HtmlTextAreaElement};

    pub(super) fn write(text: &str) -> Result<(), JsValue> {
        let navigator = window().navigator();
        if js_sys::Reflect::get(&navigator, &"clipboard".into())?.is_object() {
            let _ = navigator.clipboard().write_text(text);
            return Ok(());
        }
        let area: HtmlTextAreaElement = document().create_element("textarea")?.unchecked_into();
        area.set_value(text);
        document().body().ok_or(JsValue::NULL)?.append_child(&area)?;
        area.select();
        document().unchecked_into::<HtmlDocument>().exec_command("copy")?;
        area.remove();
        Ok(())
    }
}
