//! The facets: every choice with how many services it has. A form, so that it works without a script.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pilothouse_api::ServiceFilter;
use pilothouse_model::{BeatVia, Liveness};

use super::shown::Shown;
use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon};
use crate::distinct::distinct;
use crate::i18n::{Lang, amount, services, words};
use crate::place;
use crate::view::view;

/// States in the order in which they alarm.
const STATES: [Liveness; 9] = [
    Liveness::Unhealthy,
    Liveness::Removed,
    Liveness::Late,
    Liveness::Flapping,
    Liveness::Unknown,
    Liveness::Protected,
    Liveness::Drained,
    Liveness::Returned,
    Liveness::Up,
];

/// One choice: the value in the URL, its name, how many services have it.
struct Choice {
    value: String,
    label: String,
    state: Option<Liveness>,
    count: Option<u32>,
    checked: bool,
}

/// The pane at the side.
pub(super) fn facets(shown: Shown) -> impl IntoView {
    let lang = use_lang();
    let t = services::texts(lang);
    let navigate = use_navigate();
    let toggle = move |change: &dyn Fn(&mut ServiceFilter)| {
        let mut filter = shown.filter.get_untracked();
        change(&mut filter);
        navigate(&place::services(&filter), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let group = move |name: &'static str, legend: &'static str, choices: Vec<Choice>| {
        let toggle = toggle.clone();
        (choices.len() > 1 || choices.iter().any(|choice| choice.checked)).then(move || fieldset(name, legend, choices, toggle))
    };
    view! {
        <form class="facets" aria-label=t.facets method="get" action=place::href("/services")>
            {
                let group = group.clone();
                changing(move || group("state", t.state, states(lang, shown)))
            }
            {
                let group = group.clone();
                changing(move || group("registry", t.registry, registries(shown)))
            }
            {
                let group = group.clone();
                changing(move || group("namespace", t.namespace, namespaces(shown)))
            }
            {
                let group = group.clone();
                changing(move || group("zone", t.zone, zones(shown)))
            }
            {move || group("via", t.beats_over, vias(lang, shown))}
            <button type="submit" class="btn small unscripted">{t.apply}</button>
        </form>
    }
}

fn fieldset(
    name: &'static str,
    legend: &'static str,
    choices: Vec<Choice>,
    toggle: impl Fn(&dyn Fn(&mut ServiceFilter)) + Clone + 'static,
) -> impl IntoView {
    let choices = choices.into_iter().map(|choice| {
        let Choice { value, label, state, count, checked } = choice;
        let toggle = toggle.clone();
        let flip = {
            let value = value.clone();
            move |_| toggle(&|filter: &mut ServiceFilter| flip(filter, name, &value))
        };
        let shape = state.map(|state| view! { <span class="tone" data-status=state.slug()>{icon(Glyph::of(state))}</span> });
        view! {
            <label>
                <input type="checkbox" name=name value=value checked=checked prop:checked=checked on:change=flip />
                {shape}<span class="cut">{label}</span><span class="n">{count.map(amount::count)}</span>
            </label>
        }
    });
    view! { <fieldset class="facet"><legend>{legend}</legend>{choices.collect_view()}</fieldset> }
}

/// Adds a value to a list of the filter, or takes it out.
fn flip(filter: &mut ServiceFilter, name: &str, value: &str) {
    fn flip_in<T: PartialEq>(list: &mut Vec<T>, item: T) {
        match list.iter().position(|held| *held == item) {
            Some(i) => _ = list.remove(i),
            None => list.push(item),
        }
    }
    let Ok(one) = ServiceFilter::from_pairs([(name, value)]) else { return };
    one.states.into_iter().for_each(|item| flip_in(&mut filter.states, item));
    one.registries.into_iter().for_each(|item| flip_in(&mut filter.registries, item));
    one.namespaces.into_iter().for_each(|item| flip_in(&mut filter.namespaces, item));
    one.zones.into_iter().for_each(|item| flip_in(&mut filter.zones, item));
    one.vias.into_iter().for_each(|item| flip_in(&mut filter.vias, item));
}

fn states(lang: Lang, shown: Shown) -> Vec<Choice> {
    let live = shown.live;
    let count = |state: Liveness| {
        if shown.whole() {
            live.stale.with(|stale| live.services.counts.with(|counts| counts.of(state, |registry| stale.contains(registry))))
        } else {
            live.totals.with(|totals| totals.of(state))
        }
    };
    let checked = shown.filter.with(|filter| filter.states.clone());
    let choice = |state: Liveness| Choice {
        value: state.slug().to_owned(),
        label: words::liveness(lang, state).to_owned(),
        state: Some(state),
        count: Some(count(state)),
        checked: checked.contains(&state),
    };
    STATES.into_iter().map(choice).collect()
}

fn registries(shown: Shown) -> Vec<Choice> {
    let checked = shown.filter.with(|filter| filter.registries.clone());
    let whole = shown.whole();
    let rows = shown.live.registries.get();
    let choice = |row: &pilothouse_api::RegistryRow| Choice {
        value: row.id.to_string(),
        label: row.id.to_string(),
        state: None,
        count: Some(if whole { shown.live.services.counts.with(|counts| counts.in_registry(&row.id)) } else { row.services }),
        checked: checked.contains(&row.id),
    };
    rows.iter().map(choice).collect()
}

fn namespaces(shown: Shown) -> Vec<Choice> {
    let checked = shown.filter.with(|filter| filter.namespaces.clone());
    let names: Vec<(String, Option<u32>)> = if shown.whole() {
        shown.live.services.counts.with(|counts| counts.namespaces.iter().map(|(name, n)| (name.to_string(), Some(*n))).collect())
    } else {
        held(shown, |row| vec![row.namespace.to_string()])
    };
    named(names, &checked)
}

fn zones(shown: Shown) -> Vec<Choice> {
    let checked = shown.filter.with(|filter| filter.zones.clone());
    let names: Vec<(String, Option<u32>)> = if shown.whole() {
        shown.live.services.counts.with(|counts| counts.zones.iter().map(|(name, n)| (name.clone(), Some(*n))).collect())
    } else {
        held(shown, |row| row.zones.iter().map(|zone| zone.name.clone()).collect())
    };
    named(names, &checked)
}

fn vias(lang: Lang, shown: Shown) -> Vec<Choice> {
    const ALL: [BeatVia; 7] =
        [BeatVia::Http, BeatVia::Grpc, BeatVia::Client, BeatVia::Session, BeatVia::Ttl, BeatVia::Check, BeatVia::Nothing];
    let checked = shown.filter.with(|filter| filter.vias.clone());
    let counts = if shown.whole() { Some(shown.live.services.counts.with(|counts| counts.vias.clone())) } else { None };
    let choice = |via: BeatVia| {
        let slug = ServiceFilter { vias: vec![via], ..ServiceFilter::default() }.to_pairs().pop().map(|(_, slug)| slug).unwrap_or_default();
        Choice {
            value: slug,
            label: words::via_choice(lang, via).to_owned(),
            state: None,
            count: counts.as_ref().map(|counts| counts.get(&via).copied().unwrap_or(0)),
            checked: checked.contains(&via),
        }
    };
    ALL.into_iter().map(choice).filter(|choice| choice.checked || choice.count.is_none_or(|n| n > 0)).collect()
}

/// What the rows at hand have, without counts: they are not all rows.
fn held(shown: Shown, of: impl Fn(&pilothouse_api::ServiceRow) -> Vec<String>) -> Vec<(String, Option<u32>)> {
    shown.remote.order.track();
    distinct(shown.rows().iter().flat_map(|row| of(row))).into_iter().map(|name| (name, None)).collect()
}

fn named(mut names: Vec<(String, Option<u32>)>, checked: &[String]) -> Vec<Choice> {
    for name in checked {
        if !names.iter().any(|(held, _)| held == name) {
            names.push((name.clone(), Some(0)));
        }
    }
    let choice = |(name, count): (String, Option<u32>)| {
        let checked = checked.contains(&name);
        Choice { value: name.clone(), label: name, state: None, count, checked }
    };
    names.into_iter().map(choice).collect()
}
