//! One instance as a row, and what unfolds below it.

use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::InstanceRow;
use pilothouse_model::{Fingerprint, Instance, Millis};

use super::detail;
use super::page::Page;
use super::provenance::provenance;
use crate::actions::{Action, offered};
use crate::components::{Beating, Exact, beat_bar, changing, chip, icon_small, percent, share_bar, swatch};
use crate::i18n::service::texts;
use crate::i18n::{actions, amount};
use crate::view::view;

/// Columns of the table.
const COLUMNS: u8 = 10;

/// One instance. Its row stays the same element while what is in it changes.
pub(super) fn row(page: Page, id: Fingerprint) -> impl IntoView {
    // A row that goes is asked once more before it is dropped: it then shows what it showed.
    let first = page.rows.with_untracked(|rows| rows.get(&id).cloned());
    let row = Memo::new(move |last: Option<&Option<Arc<InstanceRow>>>| {
        page.rows.with(|rows| rows.get(&id).cloned()).or_else(|| last.cloned().flatten()).or_else(|| first.clone())
    });
    let with = move |read: fn(Page, &InstanceRow) -> AnyView| changing(move || row.with(|row| row.as_deref().map(|row| read(page, row))));
    let gone = Memo::new(move |_| row.with(|row| row.as_deref().is_none_or(|row| row.gone.is_some())));
    let picked = move || page.picked.with(|picked| picked.contains(&id));
    let unfolded = Memo::new(move |_| page.unfolded.get() == Some(id));
    let beating = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_deref().expect("a row is made from an instance");
            Beating { beat: row.instance.heartbeat, liveness: row.liveness, gone: row.gone }
        })
    });
    let url = changing(move || page.url(page.only.get(), (!unfolded.get()).then_some(id)));
    let address = move || row.with(|row| row.as_deref().map(|row| row.instance.address())).unwrap_or_default();
    view! {
        <tr class:gone=move || gone.get() aria-selected=move || picked().then_some("true")>
            <td class="pick-cell">{move || (!gone.get()).then(|| pick_box(page, id, address))}</td>
            <td>{with(|page, row| chip(page.lang, row.liveness))}</td>
            <td class="mono">
                <a class="fold" data-row href=url data-noscroll aria-expanded=move || if unfolded.get() { "true" } else { "false" }>
                    {move || address()}
                </a>
            </td>
            <td class="opt">{with(|_, row| row.instance.zone().map(str::to_owned).into_any())}</td>
            <td class="opt">{with(version)}</td>
            <td class="num">{with(weight)}</td>
            <td class="opt">{with(health)}</td>
            <td>{beat_bar(beating, page.live.clock, page.lang)}</td>
            <td class="sub cut meta opt">{with(|_, row| metadata(&row.instance).into_any())}</td>
            <td class="num opt">{with(action)}</td>
        </tr>
        {move || {
            unfolded
                .get()
                .then(|| {
                    view! {
                        <tr class="open">
                            <td colspan=COLUMNS>{with(detail::detail)}</td>
                        </tr>
                    }
                })
        }}
    }
}

fn pick_box(page: Page, id: Fingerprint, address: impl Fn() -> String + Send + Copy + 'static) -> impl IntoView {
    let t = texts(page.lang);
    let can_pick = page.seen.with(|seen| seen.capabilities.instances.weight || seen.capabilities.instances.enabled);
    let pick = move |_| {
        page.picked.update(|picked| {
            if !picked.remove(&id) {
                picked.insert(id);
            }
        });
    };
    can_pick.then(|| {
        view! {
            <input
                type="checkbox"
                aria-label=move || (t.select)(&address())
                prop:checked=move || page.picked.with(|picked| picked.contains(&id))
                on:change=pick
            />
        }
    })
}

fn version(page: Page, row: &InstanceRow) -> AnyView {
    let Some(version) = row.instance.version().map(str::to_owned) else { return ().into_any() };
    let at = page.versions.with(|versions| versions.iter().position(|other| *other == version)).unwrap_or_default();
    view! {
        <span class="row tight">
            {swatch(at)}
            <span class="mono">{version}</span>
        </span>
    }
}

fn weight(page: Page, row: &InstanceRow) -> AnyView {
    if row.gone.is_some() {
        return view! { <span class="sub">{texts(page.lang).not_applicable}</span> };
    }
    let weight = if row.instance.enabled { row.instance.weight } else { 0.0 };
    view! {
        <span class="row tight weight">
            {share_bar(percent(weight, page.full_weight.get()))}
            <span class="num">{amount::decimal(row.instance.weight, 3)}</span>
        </span>
    }
}

fn health(page: Page, row: &InstanceRow) -> AnyView {
    let freshness = page.seen.with(|seen| seen.freshness);
    let clock = move |at: Millis| Exact::Second.clock(at, page.chosen.offset(at));
    let from = provenance(row, freshness, page.kind(), page.lang, clock);
    let age = from.as_of.map(|at| view! { <span class="sub">{move || amount::age(page.lang, page.live.now().since(at))}</span> });
    let underneath = from.underneath.map(|text| view! { <span class="sub">{text}</span> });
    view! {
        <span class="row tight">
            <span data-status=from.status class="tint">{icon_small(from.glyph)}</span>
            <span class="mid">{from.text}</span>
            {underneath}
            {age}
        </span>
    }
}

/// What the metadata says besides what has its own column, and besides the registry's own keys: `gray 0, env prod`.
fn metadata(instance: &Instance) -> String {
    let shown = [instance.zone(), instance.version()];
    let tells = |(key, value): &(&String, &String)| !key.starts_with("preserved.") && !shown.contains(&Some(value.as_str()));
    instance.metadata.iter().filter(tells).map(|(key, value)| format!("{key} {value}")).take(3).collect::<Vec<_>>().join(", ")
}

/// The one action that is always at hand: out of rotation, or back into it.
fn action(page: Page, row: &InstanceRow) -> AnyView {
    if row.gone.is_some() {
        return view! { <span class="sub">{texts(page.lang).kept}</span> };
    }
    let t = actions::texts(page.lang);
    let can = page.seen.with(|seen| seen.capabilities.instances);
    let Some(action) = offered(row, can).into_iter().find(|action| matches!(action, Action::Drain | Action::Restore)) else {
        return ().into_any();
    };
    let word = if action == Action::Drain { t.drain } else { t.restore };
    let id = row.id;
    let label = format!("{} {}", word.trim_end_matches('…'), row.instance.address());
    view! {
        <button type="button" class="btn quiet small needs-script" aria-label=label on:click=move |_| page.ask(action, [id])>
            {word}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::Liveness;

    use super::*;
    use crate::pages::sample;

    #[test]
    fn metadata_is_not_said_twice() {
        let mut instance = sample::row("10.0.0.1", Liveness::Up).instance;
        for (key, value) in [("gray", "0"), ("preserved.heart.beat.interval", "5000"), ("env", "prod")] {
            instance.metadata.insert(key.into(), value.into());
        }
        assert_eq!(metadata(&instance), "env prod, gray 0");
    }
}
