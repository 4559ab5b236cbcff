//! The filter bar: what it says is what the URL says.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pilothouse_api::LedgerShow;

use super::asked::{Asked, Span};
use super::page::{Page, last_words};
use crate::components::{Exact, Glyph, icon, token};
use crate::i18n::ledger::texts;
use crate::i18n::{moment, words};
use crate::place;
use crate::view::view;

/// The bar.
pub(super) fn bar(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let asked = page.held.asked.get_value();
    let url = place::encode(asked.to_pairs().iter().map(|(name, value)| (*name, value.as_str())));
    let text = asked.text.clone().unwrap_or_default();
    let input = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(input) = input.get()
            && page.refocus.get_value()
        {
            page.refocus.set_value(false);
            let _ = input.focus();
        }
    });
    let submit = {
        let asked = asked.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let typed = input.get_untracked().map(|input| input.value()).unwrap_or_default();
            page.refocus.set_value(true);
            navigate(&Page::url(&asked.and_typed(&typed)), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    // Without a script the form sends what is hidden here together with what was typed.
    let kept = asked.to_pairs().into_iter().filter(|(name, _)| *name != "q");
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    view! {
        <form class="filterbar" role="search" action=place::href("/ledger") method="get" on:submit=submit>
            {icon(Glyph::Search)}
            {tokens(page, &asked)}
            {kept}
            <input
                node_ref=input
                class="bare"
                name="q"
                value=text
                aria-label=t.filter
                placeholder=t.filter_hint
                autocomplete="off"
                spellcheck="false"
                data-search
            />
            <span class="url opt2">{url}</span>
        </form>
    }
}

fn tokens(page: Page, asked: &Asked) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let without = |change: fn(&mut Asked)| Page::url(&page.asked_with(change));
    let one = |name: &'static str, value: Option<String>, change: fn(&mut Asked)| {
        value.map(|value| token(name, value, without(change), page.lang).into_any())
    };
    let service = asked.service.map(|id| {
        let name = page.held.answer.with_value(|answer| answer.rows.iter().find(|row| row.service == Some(id)).map(|row| row.name.clone()));
        name.unwrap_or_else(|| id.to_string())
    });
    let offset = |at| page.chosen.offset(at);
    let now = page.live.clock.now.get_untracked();
    let write = |at| format!("{} {}", Exact::Second.dated(at, now, offset(at)), moment::zone(offset(at)));
    let (last, since, until) = match asked.span {
        Span::Last(length) => (Some(last_words(page.lang, length)), None, None),
        Span::Between(since, until) => (None, Some(write(since)), until.map(write)),
    };
    // The span of 60 minutes is what stands there without any: there is nothing to take away.
    let last = match last {
        Some(last) if asked.span == Span::default() => {
            Some(view! { <span class="token"><span>{t.last}":"</span><b class="whole">{last}</b></span> })
        }
        last => one(t.last, last, |asked| asked.span = Span::default()),
    };
    [
        last,
        one(t.since, since, |asked| asked.span = Span::default()),
        one(t.until, until, |asked| {
            if let Span::Between(since, _) = asked.span {
                asked.span = Span::Between(since, None);
            }
        }),
        one("registry", asked.registry.as_ref().map(ToString::to_string), |asked| asked.registry = None),
        one("service", service, |asked| asked.service = None),
        one("host", asked.host.clone(), |asked| asked.host = None),
        one("to", asked.to.map(|to| words::liveness(page.lang, to).to_owned()), |asked| asked.to = None),
        one(t.show, (asked.show == LedgerShow::Edits).then(|| t.edits_only.to_owned()), |asked| asked.show = LedgerShow::Transitions),
    ]
    .into_iter()
    .flatten()
    .collect_view()
}
