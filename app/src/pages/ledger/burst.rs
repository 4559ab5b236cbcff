//! Rows that belong together: one line that says how many and where, and the rows below it when unfolded.

use std::borrow::Cow;
use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::LedgerRow;

use super::fold::Burst;
use super::line;
use super::page::Page;
use crate::components::{Changing, Exact, Glyph, changing, icon_small, status_chip};
use crate::i18n::ledger::texts;
use crate::i18n::{Lang, amount, evidence, moment, words};
use crate::view::view;

/// Rows that an unfolded burst shows at first.
const SOME: usize = 3;

/// A burst as a body of its own.
pub(super) fn burst(page: Page, burst: &Burst) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let (id, count) = (burst.id(), burst.rows.len());
    let rows: Vec<Arc<LedgerRow>> = burst.rows.iter().cloned().map(Arc::new).collect();
    let chosen = {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        move || page.selected.get().is_some_and(|selected| ids.contains(&selected))
    };
    let unfolded = Memo::new(move |_| page.held.unfolded.with(|unfolded| unfolded.contains(&id)));
    let whole = Memo::new({
        let beyond: Vec<i64> = rows.iter().skip(SOME).map(|row| row.id).collect();
        move |_| {
            // What is chosen is never hidden.
            page.held.whole.with(|whole| whole.contains(&id)) || page.selected.get().is_some_and(|selected| beyond.contains(&selected))
        }
    });
    let turn = move |_| {
        page.held.unfolded.update(|unfolded| {
            if !unfolded.remove(&id) {
                unfolded.insert(id);
            }
        });
    };
    let below = changing(move || {
        unfolded.get().then(|| {
            let shown = if whole.get() { count } else { SOME.min(count) };
            let lines = rows.iter().take(shown).map(|row| line::cells(page, row, true)).collect_view();
            let more = (shown < count).then(|| {
                view! {
                    <tr class="in more">
                        <td></td>
                        <td colspan="2">
                            <button type="button" class="link" on:click=move |_| page.held.whole.update(|whole| _ = whole.insert(id))>
                                {(t.more)(count - shown)}
                            </button>
                        </td>
                        <td class="opt"></td>
                        <td class="opt"></td>
                    </tr>
                }
            });
            view! {
                {lines}
                {more}
            }
        })
    });
    let label = changing(move || if unfolded.get() { (t.fold)(count) } else { (t.unfold)(count) });
    let status = match burst.rows[0].only_edit() {
        Some(_) => "neutral",
        None => burst.to.map_or("unknown", pilothouse_model::Liveness::slug),
    };
    let (start, _) = burst.ends();
    view! {
        <tbody>
            <tr class="burst" data-status=status aria-selected=move || (chosen() && !unfolded.get()).then_some("true")>
                <th scope="rowgroup">
                    <time class="mono" datetime=moment::iso(start)>
                        {when(page, burst)}
                    </time>
                </th>
                <td colspan="2">
                    <span class="row tight">
                        <button
                            type="button"
                            data-row
                            aria-expanded=move || if unfolded.get() { "true" } else { "false" }
                            aria-label=label
                            on:click=turn
                        >
                            {move || icon_small(if unfolded.get() { Glyph::Down } else { Glyph::Fwd })}
                        </button>
                        {what(page.lang, burst)}
                        <span class="cut">{place_of(page.lang, burst)}</span>
                    </span>
                </td>
                <td class="opt mid">{who(page, burst)}</td>
                <td class="opt sub cutc">{because(page.lang, burst)}</td>
            </tr>
            {below}
        </tbody>
    }
}

fn when(page: Page, burst: &Burst) -> Changing<String> {
    let (start, end) = burst.ends();
    changing(move || Exact::Tenth.interval(start, end, page.chosen.offset(start)))
}

/// `12 removed in 4.3 s`.
fn what(lang: Lang, burst: &Burst) -> AnyView {
    let t = texts(lang);
    let count = amount::count(burst.rows.len() as i64);
    let (start, end) = burst.ends();
    if let Some(change) = burst.rows[0].only_edit() {
        let changed = evidence::edited(lang, change);
        return status_chip("neutral", Glyph::Metadata, view! { <b>{count}</b>" "{t.edited}" "{changed} }).into_any();
    }
    match burst.to {
        None => status_chip("unknown", Glyph::Away, view! { <b>{count}</b>" "{t.found_on_return} }),
        Some(to) => {
            let word = words::liveness(lang, to);
            let word = lang.pick(word.to_lowercase(), word.to_owned());
            let length = end.since(start);
            let text = if length < 100 { (t.burst_at_once)(&word) } else { (t.burst)(&word, &amount::age(lang, length)) };
            status_chip(to.slug(), Glyph::of(to), view! { <b>{count}</b>" "{text} })
        }
    }
}

/// `host 10.2.3.7, 5 services`.
fn place_of(lang: Lang, burst: &Burst) -> String {
    let t = texts(lang);
    let services = burst.distinct(|row| row.service);
    match burst.host() {
        Some(host) => (t.on_host)(host, services),
        None => (t.on_hosts)(burst.distinct(|row| row.host.clone()), services),
    }
}

fn who(page: Page, burst: &Burst) -> Changing<String> {
    let (first, registries) = (burst.rows[0].clone(), burst.distinct(|row| row.registry.clone()));
    changing(move || match registries {
        1 => evidence::said_by(page.lang, &first.evidence, page.kind_of(&first.registry)),
        several => (texts(page.lang).registries)(several),
    })
}

/// What all rows rest on; nothing when they differ.
fn because(lang: Lang, burst: &Burst) -> Option<Cow<'static, str>> {
    let first = &burst.rows[0];
    let same = burst.rows.iter().all(|row| row.evidence == first.evidence);
    same.then(|| evidence::because(lang, &first.evidence, first.from, first.to))
}

#[cfg(test)]
mod tests {
    use pilothouse_model::Liveness;

    use super::*;
    use crate::pages::ledger::fold::tests::row;

    #[test]
    fn a_burst_says_where() {
        let rows = |hosts: [&str; 3]| hosts.map(|host| row(1, 0, host, Liveness::Late)).to_vec();
        let burst = |hosts| Burst { rows: rows(hosts), to: Some(Liveness::Late) };
        assert_eq!(place_of(Lang::En, &burst(["10.2.3.7"; 3])), "host 10.2.3.7, 1 service");
        assert_eq!(place_of(Lang::En, &burst(["a", "b", "a"])), "2 hosts, 1 service");
    }
}
