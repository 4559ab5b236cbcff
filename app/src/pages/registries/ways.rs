//! How changes of a registry become known: the fastest way that works is in force.

use leptos::prelude::*;
use pilothouse_api::RegistryRow;
use pilothouse_model::{Freshness, WatchWay};

use super::Page;
use crate::components::{Exact, changing};
use crate::i18n::registries::{texts, way};
use crate::i18n::{amount, components};
use crate::view::view;

/// The pane.
pub(super) fn ways(page: Page, row: &RegistryRow, freshness: Freshness) -> AnyView {
    let t = texts(page.lang);
    let lines = row.source.ways.iter().map(|way| line(page, way, freshness.is_live())).collect_view();
    let stored = row.view_of.filter(|_| !freshness.is_live()).map(|of| {
        let at = changing(move || (t.on_disk_of)(&Exact::Second.dated(of, page.live.now(), page.chosen.offset(of))));
        let age = changing(move || amount::duration(page.lang, page.live.now().since(of)));
        view! {
            <tr class="now">
                <td>
                    <span class="row tight">
                        <i class="dotm on"></i>
                        <b class="strong">{t.stored_view}</b>
                    </span>
                </td>
                <td class="sub opt2">{at}</td>
                <td class="num">{age}</td>
                <td>{t.shown_never_up}</td>
            </tr>
        }
    });
    view! {
        <section class="pane">
            <header>
                <h2>{t.how}</h2>
                <span class="sub">{t.how_sub}</span>
            </header>
            <div class="scroll-x" tabindex="0" role="region" aria-label=(components::texts(page.lang).table_of)(t.how)>
                <table class="table how">
                    <thead>
                        <tr>
                            <th scope="col">{t.way}</th>
                            <th scope="col" class="opt2">{t.what}</th>
                            <th scope="col" class="num">{t.within}</th>
                            <th scope="col">{t.state}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}{stored}</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(page: Page, found: &WatchWay, live: bool) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let on = found.in_force && live;
    let (dot, state) = match (on, live) {
        (true, _) => ("dotm on", t.is_in_force),
        (false, true) => ("dotm", t.ready),
        (false, false) => ("dotm off", t.waits),
    };
    view! {
        <tr class:now=on>
            <td>
                <span class="row tight">
                    <i class=dot></i>
                    <b class=if on { "strong" } else { "quiet" }>{way(page.lang, found.kind)}</b>
                </span>
            </td>
            <td class="sub opt2 cutcell" title=found.detail.clone()>
                {found.detail.clone()}
            </td>
            <td class="num">{amount::rule(page.lang, found.within_ms)}</td>
            <td class:sub=!on>{state}</td>
        </tr>
    }
}
