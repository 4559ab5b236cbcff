//! The facts of the chosen row: between which looks it happened, and where to look next.

use leptos::prelude::*;
use pilothouse_api::LedgerRow;
use pilothouse_model::{Liveness, Millis};

use super::asked::Asked;
use super::line;
use super::page::Page;
use crate::components::{Exact, Glyph, changing, state};
use crate::i18n::ledger::texts;
use crate::i18n::{Lang, components, evidence, moment, words};
use crate::view::view;

/// The pane.
pub(super) fn pane(page: Page) -> impl IntoView {
    let row = Memo::new(move |_| {
        let id = page.selected.get()?;
        page.rows.with(|rows| rows.iter().find(|row| row.id == id).cloned())
    });
    changing(move || match row.get() {
        Some(row) => facts(page, &row).into_any(),
        None => {
            let t = texts(page.lang);
            state(Glyph::Ledger, t.choose, t.choose_why, ())
        }
    })
}

/// The word for a state of this subject: a source is live or stale.
fn word(lang: Lang, row: &LedgerRow, state: Option<Liveness>) -> &'static str {
    let t = components::texts(lang);
    match (row.service, state) {
        (_, None) => t.not_there,
        (None, Some(Liveness::Unknown)) => t.stale,
        (None, Some(_)) => t.live,
        (Some(_), Some(state)) => words::liveness(lang, state),
    }
}

fn facts(page: Page, row: &LedgerRow) -> impl IntoView + use<> {
    let (t, lang) = (texts(page.lang), page.lang);
    let occurred = row.occurred;
    let now = page.live.clock.now.get_untracked();
    let at = move |at: Millis| {
        view! { <time class="mono" datetime=moment::iso(at)>{move || Exact::Tenth.dated(at, now, page.chosen.offset(at))}</time> }
    };
    let their_time = match occurred.at {
        Some(told) => view! { <dd>{at(told)}</dd> },
        None => view! { <dd class="dim">{t.not_told}</dd> },
    };
    let title = if row.service.is_some() { row.name.clone() } else { row.registry.to_string() };
    let namespace = (!row.namespace.is_empty()).then(|| view! { <dt>{t.namespace}</dt><dd>{row.namespace.clone()}</dd> });
    let host = (!row.host.is_empty()).then(|| view! { <dt>{t.host}</dt><dd class="mono">{row.host.clone()}</dd> });
    let said = {
        let row = row.clone();
        changing(move || evidence::said_by(lang, &row.evidence, page.kind_of(&row.registry)))
    };
    let because = evidence::because(lang, &row.evidence, row.from, row.to);
    view! {
        <section class="pane" aria-label=t.chosen>
            <header>
                <h2>{title}</h2>
                <span class="mono dim">{row.address.clone()}</span>
            </header>
            <div class="body">
                <p class="big">{line::from_to(lang, row)}</p>
                {lane(page, row)}
                <dl class="facts">
                    <dt>{t.not_before}</dt>
                    <dd>{at(occurred.not_before)}" "<span class="dim">{(t.still)(word(lang, row, row.from))}</span></dd>
                    <dt>{t.not_after}</dt>
                    <dd>{at(occurred.not_after)}" "<span class="dim">{(t.seen_as)(word(lang, row, Some(row.to)))}</span></dd>
                    <dt>{t.seen}</dt>
                    <dd>{at(occurred.seen)}</dd>
                    <dt>{t.their_time}</dt>
                    {their_time}
                </dl>
            </div>
        </section>
        <section class="pane">
            <header>
                <h2>{t.evidence}</h2>
            </header>
            <div class="body">
                <dl class="facts">
                    <dt>{t.who}</dt>
                    <dd>{said}</dd>
                    <dt>{t.evidence}</dt>
                    <dd>{because}</dd>
                    <dt>{t.registry}</dt>
                    <dd>{row.registry.to_string()}</dd>
                    {namespace}
                    {host}
                </dl>
            </div>
        </section>
        {narrow(page, row)}
    }
}

/// Filters that start from this row.
fn narrow(page: Page, row: &LedgerRow) -> impl IntoView + use<> {
    let t = texts(page.lang);
    let link = |word: &'static str, asked: &Asked| view! { <a class="btn small" href=Page::url(asked)>{word}</a> };
    let service = row.service;
    let instance = (service.is_some() && !row.address.is_empty())
        .then(|| link(t.only_instance, &page.asked_with(|asked| (asked.service, asked.text) = (service, Some(row.address.clone())))));
    let host = (!row.host.is_empty()).then(|| link(t.only_host, &page.asked_with(|asked| asked.host = Some(row.host.clone()))));
    let of_service = service.map(|_| link(t.only_service, &page.asked_with(|asked| asked.service = service)));
    let registry = link(t.only_registry, &page.asked_with(|asked| asked.registry = Some(row.registry.clone())));
    view! {
        <section class="pane">
            <header>
                <h2>{t.narrow}</h2>
            </header>
            <div class="body row wrap">{instance}{host}{of_service}{registry}</div>
        </section>
    }
}

/// Before, the time between the two looks, and after, on one line of 264 pixels.
fn lane(page: Page, row: &LedgerRow) -> impl IntoView + use<> {
    let (lang, t) = (page.lang, texts(page.lang));
    let (from, to) = (word(lang, row, row.from), word(lang, row, Some(row.to)));
    let occurred = row.occurred;
    let wide = line::interval(row).is_some();
    let (open, shut) = if wide { (92, 172) } else { (126, 138) };
    let before = row.from.map(|state| {
        let y = 40 - height(state) - 4;
        view! { <rect data-status=state.slug() x="8" y=y width=open - 8 height=height(state)></rect> }
    });
    let exact = if wide { Exact::Second } else { Exact::Tenth };
    let below = changing(move || {
        if wide {
            let write = |at: Millis| exact.clock(at, page.chosen.offset(at));
            view! {
                <text x=open y="56" text-anchor="middle">{write(occurred.not_before)}</text>
                <text x=shut y="56" text-anchor="middle">{write(occurred.not_after)}</text>
            }
        } else {
            let text = exact.interval(occurred.not_before, occurred.not_after, page.chosen.offset(occurred.not_before));
            view! { <text class="hi" x="132" y="56" text-anchor="middle">{text}</text> }
        }
    });
    let tall = height(row.to);
    view! {
        <svg class="ivp" viewBox="0 0 264 62" width="264" height="62" role="img" aria-label=(t.lane)(from, to)>
            <path class="axis" d="M0 40H264"></path>
            <path class="tk" d=format!("M{open} 36v8M{shut} 36v8")></path>
            {before}
            <rect data-status=row.to.slug() class="u" x=open y=40 - tall - 4 width=shut - open height=tall></rect>
            <rect data-status=row.to.slug() x=shut y=40 - tall - 4 width=256 - shut height=tall></rect>
            <text x="8" y="14">{from}</text>
            <text class="hi" x="256" y="14" text-anchor="end">{to}</text>
            {below}
        </svg>
    }
}

fn height(state: Liveness) -> i32 {
    match state {
        Liveness::Up | Liveness::Returned | Liveness::Unknown | Liveness::Protected | Liveness::Drained => 5,
        Liveness::Late | Liveness::Flapping => 9,
        Liveness::Unhealthy | Liveness::Removed => 14,
    }
}
