//! The Overview page: which sources are live, what fails now, what was changed, and a cell for every service.

mod behind;
mod cell_keys;
mod changes;
mod counts;
mod failing;
mod heat;
mod registries;
mod verdict;

use leptos::prelude::*;
use leptos_meta::Title;
use pilothouse_api::{OverviewAnswer, Topic};

use crate::chosen::{use_chosen, use_lang};
use crate::components::{problem, skeleton};
use crate::data::{self, Loaded};
use crate::i18n::{amount, overview};
use crate::live::{Live, use_live};

/// The Overview page.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let (live, chosen) = (use_live(), use_chosen());
    live.follow([Topic::Services]);
    let answer = Resource::new_blocking(|| (), |()| data::load_overview());
    view! {
        {move || view! { <Title text=overview::texts(chosen.lang()).title /> }}
        <Suspense fallback=move || skeleton(use_lang())>
            {move || Suspend::new(async move { page(live, answer.await) })}
        </Suspense>
    }
    .into_any()
}

fn page(live: Live, answer: Loaded<OverviewAnswer>) -> AnyView {
    let answer = match answer {
        Ok(answer) => answer,
        Err(failed) => return (move || problem(use_lang(), &failed)).into_any(),
    };
    live.seed_overview(&answer);
    let changes = changes::followed(live, answer.changes);
    (move || {
        let lang = use_lang();
        view! {
            {head(live).into_any()}
            {verdict::verdict(lang, live).into_any()}
            {registries::strip(lang, live).into_any()}
            <div class="panes fleet">
                <div>
                    {failing::pane(lang, live).into_any()}
                    {changes::pane(lang, changes).into_any()}
                </div>
                {heat::pane(lang, live).into_any()}
            </div>
        }
        .into_any()
    })
    .into_any()
}

/// Title, size and states of the fleet.
fn head(live: Live) -> impl IntoView {
    let lang = use_lang();
    let t = overview::texts(lang);
    let sizes = move || {
        let (services, instances) = live.totals.with(|totals| (totals.services, totals.instances));
        view! {
            <b class="strong mid">{amount::count(services)}</b>" "{(t.services)(services)}" · "
            <b class="strong mid">{amount::count(instances)}</b>" "{(t.instances)(instances)}" · "{(t.registries)(live.registries_live().1)}
        }
    };
    view! {
        <div class="head">
            <h1>{t.title}</h1>
            <span class="sub">{sizes}</span>
            {counts::counts(lang, live)}
        </div>
    }
}
