//! The heat-map: a cell for every service, by registry, namespace and name. Cells keep their place and are quiet when well.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use pilothouse_api::ServiceRow;
use pilothouse_model::{Liveness, Namespace, RegistryId};

use super::{behind, cell_keys};
use crate::components::{Glyph, changing, fresh, icon, icon_small, kind};
use crate::i18n::{Lang, amount, overview, words};
use crate::live::{Live, Row};
use crate::place;
use crate::view::view;

/// Most cells that are drawn. Beyond that only what is not well is drawn, and the rest is counted.
const MOST_CELLS: usize = 1_500;

/// Groups with fewer cells stand side by side.
const NARROW: usize = 16;

/// The services of one namespace.
struct Group {
    registry: RegistryId,
    namespace: Namespace,
    rows: Vec<(Row, Arc<ServiceRow>)>,
}

/// The pane.
pub(super) fn pane(lang: Lang, live: Live) -> impl IntoView {
    let t = overview::texts(lang);
    let figure = NodeRef::<html::Figure>::new();
    let map = changing(move || {
        let groups = groups(live);
        let sparse = groups.iter().map(|group| group.rows.len()).sum::<usize>() > MOST_CELLS;
        if sparse {
            // Cells come and go with their states then.
            live.services.burst.track();
        }
        let mut room = MOST_CELLS;
        let mut first = true;
        groups.into_iter().map(|group| section(lang, live, group, sparse, &mut room, std::mem::take(&mut first))).collect_view()
    });
    view! {
        <section class="pane">
            <header>
                <h2>{t.map}</h2>
                <span class="sub opt cut">{t.map_what}</span>
                <span class="group end small" role="group" aria-label=t.show_as>
                    <span class="btn" data-pressed="">{icon_small(Glyph::Overview)}{t.cells}</span>
                    <a class="btn" href=place::href("/services")>{icon_small(Glyph::Table)}{t.table}</a>
                </span>
            </header>
            <figure class="body groups" aria-label=t.map_label node_ref=figure on:keydown=move |event| cell_keys::moved(figure, &event)>
                {map}
                {behind::table(lang, live)}
            </figure>
        </section>
    }
}

/// What is held, cut where registry or namespace change; rows are held by place.
fn groups(live: Live) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for id in live.services.order.get().iter() {
        let Some(signal) = live.services.get(*id) else { continue };
        let row = signal.get_untracked();
        match groups.last_mut().filter(|group| group.registry == row.registry && group.namespace == row.namespace) {
            Some(group) => group.rows.push((signal, row)),
            None => groups.push(Group { registry: row.registry.clone(), namespace: row.namespace.clone(), rows: vec![(signal, row)] }),
        }
    }
    groups
}

fn section(lang: Lang, live: Live, group: Group, sparse: bool, room: &mut usize, mut first: bool) -> impl IntoView + use<> {
    let t = overview::texts(lang);
    let Group { registry, namespace, rows } = group;
    let (count, name) = (rows.len(), registry.to_string());
    let protected = rows.iter().all(|(_, row)| row.liveness == Liveness::Protected);
    let note = {
        let registry = registry.clone();
        changing(move || {
            if live.is_stale(&registry) {
                live.freshness(&registry).map(|freshness| fresh(lang, freshness, live.now()))
            } else if protected {
                Some(view! { <span class="chip" data-status="protected">{icon(Glyph::Protected)}{t.overridden}</span> })
            } else {
                None
            }
        })
    };
    let shown = rows.into_iter().filter(|(_, row)| !sparse || row.liveness != Liveness::Up).take(*room);
    let cells: Vec<_> = shown.map(|(signal, _)| cell(lang, live, signal, std::mem::take(&mut first))).collect();
    let drawn = cells.len();
    *room -= drawn;
    let rest = (drawn < count).then(|| {
        let rest = u32::try_from(count - drawn).unwrap_or(u32::MAX);
        view! { <p class="dim">{(t.not_drawn)(rest)}</p> }
    });
    view! {
        <section class:whole=(count > NARROW)>
            <h3 class="row place">
                {move || kind(live.kind(&registry))}
                <span><span class="mid">{name}</span>" "<span class="dim">"/"</span>" "<b class="strong">{namespace.to_string()}</b></span>
                <span class="dim">{amount::count(i64::try_from(count).unwrap_or(i64::MAX))}</span>
                {note}
            </h3>
            <div class="heat">{cells}</div>
            {rest}
        </section>
    }
}

fn cell(lang: Lang, live: Live, signal: Row, reachable: bool) -> impl IntoView {
    let row = signal.get_untracked();
    let name = Arc::clone(&row.name);
    let seen = Memo::new(move |_| {
        let row = signal.get();
        let liveness = live.liveness(&row);
        (liveness, if liveness == Liveness::Up { None } else { live.healthy(&row).map(|healthy| (healthy, row.total)) })
    });
    let label = changing(move || {
        let (liveness, healthy) = seen.get();
        (overview::texts(lang).cell)(&name, words::liveness(lang, liveness), healthy)
    });
    let spoken = label.clone();
    view! {
        <a
            href=place::service(&row) tabindex=if reachable { "0" } else { "-1" } data-status=move || seen.get().0.slug()
            title=label aria-label=spoken
        >
            {move || shape(seen.get().0).map(icon_small)}
        </a>
    }
}

/// A cell's shape says the state where there is no room for its word. What is up has a dot, drawn by the stylesheet.
fn shape(liveness: Liveness) -> Option<Glyph> {
    match liveness {
        Liveness::Up => None,
        Liveness::Unhealthy => Some(Glyph::X),
        Liveness::Removed => Some(Glyph::Minus),
        other => Some(Glyph::of(other)),
    }
}
