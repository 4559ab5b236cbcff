//! The filter bar: what it says is what the URL says. Tokens are links, the field is a form, so both work without a script.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pilothouse_api::{FilterError, ServiceFilter, ServiceSort};

use super::shown::Shown;
use super::typed;
use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon, token};
use crate::i18n::{Lang, services, words};
use crate::place;
use crate::view::view;

/// The bar.
pub(super) fn bar(shown: Shown) -> impl IntoView {
    let lang = use_lang();
    let t = services::texts(lang);
    let navigate = use_navigate();
    let mistyped = RwSignal::new(None::<FilterError>);
    let go = move |filter: &ServiceFilter, replace: bool| {
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate(&place::services(filter), options);
    };
    let submit = {
        let go = go.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            match typed::refine(&shown.filter.get_untracked(), &typed_text(&event)) {
                Ok(filter) => {
                    mistyped.set(None);
                    go(&filter, false);
                }
                Err(error) => mistyped.set(Some(error)),
            }
        }
    };
    // Free text filters while it is typed; an operator waits until Enter says that it is complete.
    let input = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        if !typed::has_operator(&text) {
            mistyped.set(None);
            let filter = shown.filter.get_untracked();
            if filter.text.trim() != text.trim() {
                go(&ServiceFilter { text, ..filter }, true);
            }
        }
    };
    let error = changing(move || {
        mistyped.get().or_else(|| shown.error.get()).map(|error| {
            view! {
                <div class="notice" role="alert" data-status="late">
                    {icon(Glyph::Warn)}<div>{(t.not_understood)(error.field, &error.value, &error.allowed)}</div>
                    <a class="btn small end" href=place::href("/services")>{t.remove_filters}</a>
                </div>
            }
        })
    });
    view! {
        <form class="filterbar" role="search" method="get" action=place::href("/services") on:submit=submit>
            {icon(Glyph::Search)}
            {move || tokens(lang, shown)}
            {move || kept(&shown.filter.get())}
            <input
                class="bare" name="q" id="filter" aria-label=t.filter placeholder=t.filter_example autocomplete="off" spellcheck="false"
                value=shown.filter.with_untracked(|filter| filter.text.clone()) prop:value=move || shown.filter.with(|filter| filter.text.clone())
                on:input=input
            />
            <span class="url wide">{move || shown.filter.with(place::query)}</span>
        </form>
        {error}
    }
}

/// What stands in the field of a form that was sent.
fn typed_text(event: &leptos::ev::SubmitEvent) -> String {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    {
        use wasm_bindgen::JsCast;

        let _ = event;
        let field = document().get_element_by_id("filter").and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
        field.map(|field| field.value()).unwrap_or_default()
    }
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    {
        let _ = event;
        String::new()
    }
}

/// Everything but the text, for a form sent without a script.
fn kept(filter: &ServiceFilter) -> impl IntoView + use<> {
    let pairs = filter.to_pairs().into_iter().filter(|(name, _)| *name != "q");
    pairs.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

/// A token for every filter that is set.
fn tokens(lang: Lang, shown: Shown) -> impl IntoView {
    let t = services::texts(lang);
    let filter = shown.filter.get();
    let without = |change: fn(&mut ServiceFilter)| shown.href(change);
    let mut tokens = Vec::new();
    if !filter.states.is_empty() {
        let names = filter.states.iter().map(|state| words::liveness(lang, *state)).collect::<Vec<_>>().join(", ");
        tokens.push(token(t.state, names, without(|filter| filter.states.clear()), lang));
    }
    if !filter.registries.is_empty() {
        let names = filter.registries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        tokens.push(token(t.registry, names, without(|filter| filter.registries.clear()), lang));
    }
    if !filter.namespaces.is_empty() {
        tokens.push(token(t.namespace, filter.namespaces.join(", "), without(|filter| filter.namespaces.clear()), lang));
    }
    if !filter.zones.is_empty() {
        tokens.push(token(t.zone, filter.zones.join(", "), without(|filter| filter.zones.clear()), lang));
    }
    if !filter.versions.is_empty() {
        tokens.push(token(t.version, filter.versions.join(", "), without(|filter| filter.versions.clear()), lang));
    }
    if !filter.vias.is_empty() {
        let names = filter.vias.iter().map(|via| words::via_choice(lang, *via)).collect::<Vec<_>>().join(", ");
        tokens.push(token(t.beats_over, names, without(|filter| filter.vias.clear()), lang));
    }
    if let Some(percent) = filter.healthy_below {
        tokens.push(token(t.healthy, format!("< {percent} %"), without(|filter| filter.healthy_below = None), lang));
    }
    if filter.sort != ServiceSort::Place {
        tokens.push(token(t.sort, t.sorts[filter.sort as usize].to_owned(), without(|filter| filter.sort = ServiceSort::Place), lang));
    }
    tokens
}
