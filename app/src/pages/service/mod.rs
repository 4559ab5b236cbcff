//! The Service page: who provides it, how each of them is doing and who says so, and what can be done about it.

mod banner;
mod detail;
mod export;
mod figures;
mod head;
mod instances;
mod lanes;
mod page;
mod provenance;
mod row;
#[cfg(test)]
pub(crate) mod sample;
mod selection;
mod side;
mod verdict;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use pilothouse_api::{Problem, ProblemCode, RegistriesAnswer, ServiceAnswer, Topic};
use pilothouse_model::ServiceId;

use crate::chosen::use_lang;
use crate::components::{Glyph, problem, skeleton, state};
use crate::data::{self, Loaded};
use crate::i18n::service as texts;
use crate::live::use_live;
use crate::place;

pub(crate) use figures::in_rotation;

/// The Service page.
#[component]
pub(crate) fn Service() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("service").as_deref().and_then(ServiceId::from_path_segment)));
    // Another service is another page: what belongs to the old one goes with it, at once and together.
    move || view! { <One id=id.get() /> }.into_any()
}

/// The page of one service.
#[component]
fn One(id: Option<ServiceId>) -> impl IntoView {
    let read = Resource::new_blocking(|| (), move |()| load(id));
    view! {
        <Suspense fallback=move || skeleton(use_lang())>
            {move || Suspend::new(async move {
                match read.await {
                    Ok((answer, registries)) => loaded(answer, &registries).into_any(),
                    Err(failure) if failure.code == ProblemCode::NotFound => gone().into_any(),
                    Err(failure) => (move || problem(use_lang(), &failure)).into_any(),
                }
            })}
        </Suspense>
    }
}

async fn load(id: Option<ServiceId>) -> Loaded<(ServiceAnswer, RegistriesAnswer)> {
    let id =
        id.ok_or_else(|| Problem::new(404, ProblemCode::NotFound, "There is no such service", "the address ends in no service's id"))?;
    Ok((data::load_service(id).await?, data::load_registries().await?))
}

/// The page over what the server said, live from then on.
fn loaded(answer: ServiceAnswer, registries: &RegistriesAnswer) -> impl IntoView {
    let live = use_live();
    live.seed_service(&answer);
    live.seed_registries(registries);
    live.follow([Topic::Service(answer.row.id), Topic::Registries]);
    let seen = page::watch(live, answer);
    // The page is made anew only when the service goes or comes back, or the language changes; never for a mere frame.
    let there = Memo::new(move |_| seen.with(Option::is_some));
    let kept = page::Kept::default();
    move || {
        let lang = use_lang();
        if there.get() { page::page(live, seen, kept, lang).into_any() } else { gone().into_any() }
    }
}

/// What stands here when no registry has the service any more.
fn gone() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(status) = use_context::<crate::data::PageStatus>() {
        status.set(404);
    }
    move || {
        let t = texts::texts(use_lang());
        let next = view! { <a class="btn small" href=place::href("/services")>{t.all_services}</a> };
        view! {
            <Title text=t.title />
            {state(Glyph::Removed, t.gone_title, t.gone_why, next)}
        }
    }
}
