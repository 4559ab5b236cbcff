//! Search over everything: services by name over the live store, pages, settings.

mod choice;
mod found;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use pilothouse_api::Topic;

use self::choice::{Choice, option, perform};
use super::{Float, Floating};
use crate::chosen::{use_chosen, use_lang};
use crate::components::{Glyph, changing, icon};
use crate::i18n::shell;
use crate::live::use_live;
use crate::view::view;

/// The palette, opened by `/` or Ctrl K.
#[component]
pub(super) fn Palette() -> impl IntoView {
    let Floating(floating) = expect_context();
    let dialog = NodeRef::<html::Dialog>::new();
    show_while(dialog, floating, Float::Palette);
    view! {
        <dialog class="palette float" node_ref=dialog aria-label=move || shell::texts(use_lang()).palette on:close=move |_| floating.set(None)>
            {move || (floating.get() == Some(Float::Palette)).then(|| view! { <Search /> })}
        </dialog>
    }
}

/// Shows a dialog while its float is the open one.
pub(super) fn show_while(dialog: NodeRef<html::Dialog>, floating: RwSignal<Option<Float>>, float: Float) {
    Effect::new(move |_| {
        let open = floating.get() == Some(float);
        #[cfg(any(feature = "hydrate", feature = "csr"))]
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        }
        #[cfg(not(any(feature = "hydrate", feature = "csr")))]
        let _ = (open, dialog);
    });
}

/// The field and what it finds.
#[component]
fn Search() -> impl IntoView {
    let Floating(floating) = expect_context();
    let live = use_live();
    let chosen = use_chosen();
    let navigate = use_navigate();
    live.follow([Topic::Services]);
    let query = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let services = found::services(live, query);
    let choices = Memo::new(move |_| {
        at.set(0);
        choice::matching(shell::texts(use_lang()), &query.get(), services.get())
    });
    let choose = move |choice: &Choice| {
        floating.set(None);
        perform(choice, chosen, live, &navigate);
    };
    let enter = choose.clone();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let last = choices.with_untracked(Vec::len).saturating_sub(1);
        match &*event.key() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => {
                if let Some(choice) = choices.with_untracked(|choices| choices.get(at.get_untracked()).cloned()) {
                    enter(&choice);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let list = changing(move || {
        let (lang, choices) = (use_lang(), choices.get());
        let t = shell::texts(lang);
        if choices.is_empty() {
            return view! { <div class="state"><h3>{t.palette_none}</h3><p>{t.palette_none_why}</p></div> };
        }
        let mut group = None;
        let rows = choices.into_iter().enumerate().map(|(i, choice)| {
            let heading = (group.replace(choice.group(t)) != Some(choice.group(t)))
                .then(|| view! { <li role="presentation" class="group-head">{choice.group(t)}</li> });
            let content = option(lang, live, &choice, &query.get_untracked());
            let choose = choose.clone();
            view! {
                {heading}
                <li
                    id=format!("choice-{i}") role="option" aria-selected=move || (at.get() == i).to_string()
                    on:mousemove=move |_| if at.get_untracked() != i { at.set(i) }
                    on:click=move |_| choose(&choice)
                >
                    {content}
                </li>
            }
        });
        view! { <ul role="listbox" id="choices" aria-label=t.palette>{rows.collect_view()}</ul> }
    });
    let t = shell::texts(chosen.lang());
    view! {
        <div class="q">
            {icon(Glyph::Search)}
            <input
                autofocus=true aria-label=t.search_what placeholder=t.search_what role="combobox" aria-expanded="true"
                aria-controls="choices" aria-activedescendant=move || format!("choice-{}", at.get()) autocomplete="off"
                spellcheck="false" on:input=move |event| query.set(event_target_value(&event)) on:keydown=keys
            />
            <kbd>"Esc"</kbd>
        </div>
        {list}
        <footer>
            <span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" "{t.choose}</span>
            <span><kbd>"Enter"</kbd>" "{t.open}</span>
            <span><kbd>"?"</kbd>" "{t.all_keys}</span>
        </footer>
    }
}
