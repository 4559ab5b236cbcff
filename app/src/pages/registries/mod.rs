//! The Registries page: which sources there are, how fresh each is, how it is known, and what it can do.

mod access;
mod detail;
mod endpoints;
mod hour;
mod table;
mod verdict;
mod ways;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use pilothouse_api::{RegistriesAnswer, RegistryRow, Topic};
use pilothouse_model::{Breaker, RegistryId};

use crate::chosen::{Chosen, use_chosen, use_lang};
use crate::components::{Glyph, problem, skeleton, state};
use crate::data;
use crate::i18n::registries::texts;
use crate::i18n::{Lang, amount};
use crate::live::{Live, use_live};

/// The Registries page.
#[component]
pub(crate) fn Registries() -> impl IntoView {
    let read = Resource::new_blocking(|| (), |()| data::load_registries());
    view! {
        <Suspense fallback=move || skeleton(use_lang())>
            {move || Suspend::new(async move {
                match read.await {
                    Ok(answer) => loaded(&answer).into_any(),
                    Err(failure) => (move || problem(use_lang(), &failure)).into_any(),
                }
            })}
        </Suspense>
    }
}

/// What every part of the page looks at. Cheap to copy.
#[derive(Clone, Copy)]
struct Page {
    live: Live,
    chosen: Chosen,
    lang: Lang,
    /// The registry whose details are shown: parameter `registry`, or the first that needs a person, or the first.
    selected: Memo<Option<RegistryId>>,
}

fn loaded(answer: &RegistriesAnswer) -> impl IntoView {
    let live = use_live();
    live.seed_registries(answer);
    live.follow([Topic::Registries]);
    let query = use_query_map();
    let selected = Memo::new(move |last: Option<&Option<RegistryId>>| {
        let asked = query.with(|query| query.get("registry")).and_then(|id| id.parse::<RegistryId>().ok());
        live.registries.with(|rows| {
            let there = |id: &RegistryId| rows.iter().any(|row| row.id == *id);
            // What nobody asked for stays where it was: a page does not jump because another source failed.
            let kept = last.cloned().flatten().filter(there);
            asked.filter(there).or(kept).or_else(|| rows.iter().find(|row| needs_a_person(row)).or(rows.first()).map(|row| row.id.clone()))
        })
    });
    move || {
        let lang = use_lang();
        page(Page { live, chosen: use_chosen(), lang, selected })
    }
}

fn page(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let none = Memo::new(move |_| page.live.registries.with(|rows| rows.is_empty()));
    view! {
        <Title text=t.title />
        <div class="head">
            <h1>{t.title}</h1>
            <span class="sub">{move || summary(page)}</span>
        </div>
        {move || {
            if none.get() {
                state(Glyph::Registry, t.none, t.none_why, ()).into_any()
            } else {
                view! {
                    {table::table(page)}
                    {detail::detail(page)}
                }
                    .into_any()
            }
        }}
    }
}

/// `8 connected · 20 of 24 endpoints answer · 102 requests a minute`.
fn summary(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    page.live.registries.with(|rows| {
        let endpoints: usize = rows.iter().map(|row| row.source.endpoints.len()).sum();
        let answering: usize = rows.iter().map(|row| table::answering(row, page.live.is_stale(&row.id))).sum();
        let requests: u32 = rows.iter().map(|row| row.source.requests_per_minute).sum();
        view! {
            <b class="strong mid">{amount::count(rows.len() as i64)}</b>
            " "
            {t.connected}
            " · "
            <b class="strong mid">{amount::of(page.lang, answering as i64, endpoints as i64)}</b>
            " "
            {t.endpoints_answer}
            <span class="opt2">" · "{amount::count(requests)}" "{t.requests_a_minute}</span>
        }
    })
}

/// Whether something about a registry should be looked at.
fn needs_a_person(row: &RegistryRow) -> bool {
    !row.freshness.is_live()
        || row.source.endpoints.iter().any(|endpoint| endpoint.breaker != Breaker::Closed)
        || !row.source.problems.is_empty()
}

impl Page {
    /// One registry, for as long as it is connected. Follows every change of it.
    fn row(self, id: &RegistryId) -> Option<RegistryRow> {
        self.live.registries.with(|rows| rows.iter().find(|row| row.id == *id).cloned())
    }
}
