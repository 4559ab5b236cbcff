//! The Ledger page: every change there is word of, when it happened as exactly as is known, and who says so.

mod asked;
mod away;
mod bar;
mod burst;
mod density;
mod entries;
mod export;
mod fold;
mod line;
mod page;
mod pane;
mod picture;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use pilothouse_api::{LedgerAnswer, RegistriesAnswer, Topic};
use pilothouse_model::Millis;

use crate::chosen::use_lang;
use crate::components::{problem, skeleton};
use crate::data::{self, Loaded};
use crate::live::use_live;
use asked::Asked;

/// Names of the parameters the page reads.
const PARAMETERS: [&str; 10] = ["registry", "service", "host", "to", "q", "text", "show", "last", "since", "until"];

/// The Ledger page.
#[component]
pub(crate) fn Ledger() -> impl IntoView {
    let live = use_live();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let values: Vec<_> = PARAMETERS.iter().filter_map(|name| query.get(name).map(|value| (*name, value))).collect();
            Asked::from_pairs(values.iter().map(|(name, value)| (*name, value.as_str())))
        })
    });
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")));
    live.follow([Topic::Ledger, Topic::Registries]);
    // Focus returns into the filter after it was sent: the page around it is made anew.
    let refocus = StoredValue::new(false);
    let read = Resource::new_blocking(move || (asked.get(), cursor.get()), move |(asked, cursor)| load(asked, cursor, live.clock.exact()));
    view! {
        <Transition fallback=move || skeleton(use_lang())>
            {move || Suspend::new(async move {
                match read.await {
                    Ok((asked, answer, registries)) => {
                        live.seed_registries(&registries);
                        let page = page::Held::new(live, asked, answer);
                        (move || page::page(page::Page::new(page, use_lang(), refocus))).into_any()
                    }
                    Err(failure) => (move || problem(use_lang(), &failure)).into_any(),
                }
            })}
        </Transition>
    }
}

/// The answer together with what was asked, since the URL may be another one by the time it comes.
async fn load(asked: Asked, cursor: Option<String>, now: Millis) -> Loaded<(Asked, LedgerAnswer, RegistriesAnswer)> {
    let query = pilothouse_api::LedgerQuery { cursor, ..asked.query(now) };
    let (answer, registries) = (data::load_ledger(query).await?, data::load_registries().await?);
    Ok((asked, answer, registries))
}
