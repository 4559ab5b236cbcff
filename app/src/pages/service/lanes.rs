//! The last hour of every instance, one line each.

use leptos::prelude::*;
use pilothouse_api::{HISTORY_MS, Step};

use super::page::Page;
use crate::components::{changing, strip};
use crate::i18n::service::texts;
use crate::place;
use crate::view::view;

/// The pane.
pub(super) fn lanes(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    // Strips move by a pixel a minute and on every change; a tick of the clock alone draws nothing anew.
    let minute = Memo::new(move |_| page.live.now().0 / 60_000);
    let lines = changing(move || {
        minute.track();
        let now = page.live.clock.now.get_untracked();
        page.seen.with(|seen| {
            let line = |row: &pilothouse_api::InstanceRow| {
                let address = row.instance.address();
                let mut steps: Vec<Step> = row.history.iter().map(|change| change.step).collect();
                if steps.is_empty() && now.since(row.since) < HISTORY_MS {
                    // It was first seen within the hour: of the time before nothing is claimed.
                    steps.push(Step { at: row.since, from: None, to: row.liveness });
                }
                view! {
                    <li class="row">
                        <span class="mono dim cut" title=address.clone()>
                            {address.clone()}
                        </span>
                        {strip(page.lang, &address, &steps, row.liveness, now)}
                    </li>
                }
            };
            seen.instances.iter().map(line).collect_view()
        })
    });
    let url = changing(move || {
        page.seen.with(|seen| format!("{}{}", place::href("/ledger"), place::encode([("service", seen.row.id.to_string().as_str())])))
    });
    view! {
        <section class="pane" aria-labelledby="lanes">
            <header>
                <h2 id="lanes">{t.ledger}</h2>
                <span class="sub">{t.ledger_sub}</span>
                <a class="btn quiet small end" href=url>
                    {t.open_ledger}
                </a>
            </header>
            <ul class="body lanes">{lines}</ul>
        </section>
    }
}
