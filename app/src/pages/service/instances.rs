//! The table of instances, with its counts by state and the registry's own rules for silence.

use leptos::prelude::*;
use pilothouse_model::{Fingerprint, Liveness};

use super::page::Page;
use super::{figures, row};
use crate::components::{Glyph, icon, move_in_rows, state};
use crate::i18n::service::texts;
use crate::i18n::{amount, components, words};
use crate::view::view;

/// The pane.
pub(super) fn instances(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let ids = Memo::new(move |_| {
        let only = page.only.get();
        let chosen = |row: &&pilothouse_api::InstanceRow| only.is_none_or(|only| row.liveness == only);
        page.seen.with(|seen| seen.instances.iter().filter(chosen).map(|row| row.id).collect::<Vec<Fingerprint>>())
    });
    let empty = Memo::new(move |_| ids.with(Vec::is_empty));
    view! {
        <section class="pane" aria-labelledby="instances">
            <header>
                <h2 id="instances">{t.instances}</h2>
                {move || counts(page)}
                <span class="sub end nowrap">{move || rules(page)}</span>
            </header>
            <div class="scroll-x" tabindex="0" role="region" aria-label=(components::texts(page.lang).table_of)(t.instances)>
                <table class="table instances" on:keydown=move_in_rows>
                    {head(page)}
                    <tbody>
                        <For each=move || ids.get() key=|id| *id children=move |id| row::row(page, id) />
                    </tbody>
                </table>
            </div>
            {move || empty.get().then(|| nothing(page))}
        </section>
    }
}

fn head(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let there = move || -> Vec<Fingerprint> {
        page.seen.with(|seen| seen.instances.iter().filter(|row| row.gone.is_none()).map(|row| row.id).collect())
    };
    let all = move || {
        let there = there();
        !there.is_empty() && page.picked.with(|picked| there.iter().all(|id| picked.contains(id)))
    };
    let pick = move |_| {
        let wanted = !untrack(all);
        let there = untrack(there);
        page.picked.update(|picked| if wanted { picked.extend(there) } else { picked.clear() });
    };
    let can_pick = move || page.seen.with(|seen| seen.capabilities.instances.weight || seen.capabilities.instances.enabled);
    view! {
        <thead>
            <tr>
                <th scope="col" class="pick-cell">
                    {move || can_pick().then(|| view! { <input type="checkbox" aria-label=t.select_all prop:checked=all on:change=pick /> })}
                </th>
                <th scope="col">{t.state}</th>
                <th scope="col">{t.instance}</th>
                <th scope="col" class="opt">{t.zone}</th>
                <th scope="col" class="opt">{t.version}</th>
                <th scope="col" class="num">{t.weight}</th>
                <th scope="col" class="opt">{t.health_from}</th>
                <th scope="col">{t.heartbeat}</th>
                <th scope="col" class="opt">{t.metadata}</th>
                <th scope="col" class="num opt">
                    <span class="sr">{t.action}</span>
                </th>
            </tr>
        </thead>
    }
}

/// How many are in which state; each narrows the table to it, and widens it again.
fn counts(page: Page) -> impl IntoView {
    let only = page.only.get();
    let states = page.seen.with(|seen| figures::by_state(&seen.instances));
    let links = states.into_iter().map(|(state, count)| {
        let on = only == Some(state);
        view! {
            <a
                href=page.url((!on).then_some(state), page.unfolded.get())
                data-noscroll
                data-status=state.slug()
                data-hot=(state >= Liveness::Late).then_some("")
                aria-current=on.then_some("true")
            >
                {icon(Glyph::of(state))}
                <b>{amount::count(count as i64)}</b>
                {words::liveness(page.lang, state)}
            </a>
        }
    });
    view! { <span class="counts">{links.collect_view()}</span> }
}

/// `beat 5 s · unhealthy after 15 s · removed after 30 s`, as far as it is told and the same for all.
fn rules(page: Page) -> String {
    let t = texts(page.lang);
    let told = |text: fn(&str) -> String, ms: Option<i64>| ms.map(|ms| text(&amount::rule(page.lang, ms)));
    page.seen.with(|seen| {
        let rule = |of: fn(&pilothouse_model::Heartbeat) -> Option<i64>| {
            figures::same(&seen.instances, |row| of(&row.instance.heartbeat)).flatten()
        };
        let parts = [
            told(t.beat_every, rule(|beat| beat.interval_ms)),
            told(t.unhealthy_after, rule(|beat| beat.unhealthy_after_ms)),
            told(t.removed_after, rule(|beat| beat.removed_after_ms)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    })
}

fn nothing(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    match page.only.get() {
        Some(only) => {
            let all = view! { <a class="btn small" href=page.url(None, None) data-noscroll>{t.show_all}</a> };
            state(Glyph::Services, (t.none_in_state)(words::liveness(page.lang, only)), "", all)
        }
        None => state(Glyph::Services, t.no_instances, t.no_instances_why, ()),
    }
}
