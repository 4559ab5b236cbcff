//! The list of keys.

use leptos::html;
use leptos::prelude::*;

use super::{Float, Floating};
use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon_small};
use crate::i18n::shell;
use crate::view::view;

/// A dialog with every key, opened by `?`.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let Floating(floating) = expect_context();
    let dialog = NodeRef::<html::Dialog>::new();
    super::palette::show_while(dialog, floating, Float::Keys);
    let content = changing(move || {
        (floating.get() == Some(Float::Keys)).then(|| {
            let t = shell::texts(use_lang());
            let rows: [(&[&str], &str); 8] = [
                (&["/", "Ctrl K"], t.key_search),
                (&["?"], t.key_keys),
                (&["p"], t.key_pause),
                (&["j", "k"], t.key_rows),
                (&["←", "↑", "↓", "→"], t.key_cells),
                (&["Enter"], t.key_open),
                (&["x"], t.key_select),
                (&["Esc"], t.key_close),
            ];
            let rows = rows.map(|(keys, what)| {
                let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd>" " }).collect_view();
                view! { <dt>{keys}</dt><dd>{what}</dd> }
            });
            view! {
                <header class="row">
                    <h2 id="keys-title" class="grow">{t.keys}</h2>
                    <button type="button" class="btn quiet icon small" aria-label=t.close on:click=move |_| floating.set(None)>{icon_small(Glyph::X)}</button>
                </header>
                <div class="body"><dl class="facts keys">{rows}</dl></div>
            }
        })
    });
    view! { <dialog class="dialog float" node_ref=dialog aria-labelledby="keys-title" on:close=move |_| floating.set(None)>{content}</dialog> }
}
