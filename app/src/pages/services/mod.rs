//! The Services page: every service in a table of which only the visible rows exist, filters that are the URL, and a bar that says
//! what a selection touches.

mod columns;
mod export;
mod facets;
mod filterbar;
mod healthy;
mod listing;
mod remote;
mod row;
mod row_keys;
mod selection;
mod shown;
mod table;
mod typed;
mod window;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use pilothouse_api::{FilterError, ServiceFilter, ServicesAnswer, Topic};

use self::shown::Shown;
use crate::chosen::{use_chosen, use_lang};
use crate::components::{copy_button, problem, skeleton};
use crate::data::{self, Loaded};
use crate::i18n::{amount, services};
use crate::live::use_live;
use crate::place;

/// The Services page.
#[component]
pub(crate) fn Services() -> impl IntoView {
    let (live, chosen) = (use_live(), use_chosen());
    live.follow([Topic::Services]);
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| read(search)));
    let first = asked.get_untracked().unwrap_or_default();
    let cursor =
        search.with_untracked(|search| place::decode(search).into_iter().find(|(name, _)| name == "cursor").map(|(_, value)| value));
    let answer = Resource::new_blocking(|| (), move |()| data::load_services(first.clone(), cursor.clone()));
    view! {
        {move || view! { <Title text=services::texts(chosen.lang()).title /> }}
        <Suspense fallback=move || skeleton(use_lang())>
            {move || Suspend::new(async move { page(asked, answer.await) })}
        </Suspense>
    }
    .into_any()
}

/// The filter a URL holds.
fn read(search: &str) -> Result<ServiceFilter, FilterError> {
    let pairs = place::decode(search);
    ServiceFilter::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn page(asked: Memo<Result<ServiceFilter, FilterError>>, answer: Loaded<ServicesAnswer>) -> AnyView {
    let answer = match answer {
        Ok(answer) => answer,
        Err(failed) => return (move || problem(use_lang(), &failed)).into_any(),
    };
    let shown = Shown::new(asked, answer);
    (move || {
        view! {
            {head(shown).into_any()}
            {filterbar::bar(shown).into_any()}
            <div class="panes catalogue">
                {facets::facets(shown).into_any()}
                {table::pane(shown).into_any()}
            </div>
        }
        .into_any()
    })
    .into_any()
}

/// Title, how many match, and what can be taken along.
fn head(shown: Shown) -> impl IntoView {
    let lang = use_lang();
    let t = services::texts(lang);
    let link = move || location_href().unwrap_or_else(|| place::services(&shown.filter.get_untracked()));
    view! {
        <div class="head">
            <h1>{t.title}</h1>
            <span class="sub">
                <b class="strong mid">{move || amount::count(shown.matching())}</b>" "{t.of}" "{move || amount::count(shown.total())}
            </span>
            <span class="row end scripted">
                {copy_button(t.copy_link, link, lang)}
                <button type="button" class="btn" on:click=move |_| export::export(shown)>{t.export}</button>
            </span>
        </div>
    }
}

/// The URL that is shown; `None` on the server.
fn location_href() -> Option<String> {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    return window().location().href().ok();
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    None
}
