//! What every part of the page looks at, and how the parts are put together.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use pilothouse_api::{LedgerAnswer, LedgerQuery, LedgerRow, Problem};
use pilothouse_model::{RegistryId, RegistryKind};

use super::asked::{Asked, Span};
use super::fold::{Entry, fold};
use super::{bar, density, entries, export, pane};
use crate::chosen::{Chosen, use_chosen};
use crate::components::{Glyph, copy_button, download, icon};
use crate::i18n::ledger::texts;
use crate::i18n::{Lang, amount};
use crate::live::Live;
use crate::view::view;
use crate::{data, place};

/// How far down the page may be scrolled while new rows still appear by themselves, in pixels.
const NEAR_TOP: f64 = 160.0;

/// What was read, and what came since. Outlives a change of the language.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub(super) live: Live,
    /// The filter that was asked for.
    pub(super) asked: StoredValue<Asked>,
    /// The first page of rows, the counts, the density.
    pub(super) answer: StoredValue<Arc<LedgerAnswer>>,
    /// Earlier rows, read on demand.
    more: RwSignal<Vec<LedgerRow>>,
    /// Where the next page of them starts.
    next: RwSignal<Option<String>>,
    loading: RwSignal<bool>,
    pub(super) failed: RwSignal<Option<Problem>>,
    /// New rows up to this number are shown; `None`: all of them.
    pub(super) shown: RwSignal<Option<i64>>,
    /// Bursts that are unfolded, and those that show all of their rows.
    pub(super) unfolded: RwSignal<BTreeSet<i64>>,
    pub(super) whole: RwSignal<BTreeSet<i64>>,
}

impl Held {
    pub(super) fn new(live: Live, asked: Asked, answer: LedgerAnswer) -> Self {
        let next = answer.next.clone();
        let held = Self {
            live,
            asked: StoredValue::new(asked),
            answer: StoredValue::new(Arc::new(answer)),
            more: RwSignal::default(),
            next: RwSignal::new(next),
            loading: RwSignal::new(false),
            failed: RwSignal::new(None),
            shown: RwSignal::new(None),
            unfolded: RwSignal::default(),
            whole: RwSignal::default(),
        };
        Effect::new(move |_| held.mind_scrolling());
        held
    }

    /// Rows that came in since the page was read and belong to it, newest first; subscribes.
    pub(super) fn news(self) -> Vec<LedgerRow> {
        let newest = self.answer.with_value(|answer| answer.rows.iter().map(|row| row.id).max()).unwrap_or(i64::MIN);
        self.live
            .tail
            .with(|tail| self.asked.with_value(|asked| tail.iter().filter(|row| row.id > newest && asked.matches(row)).cloned().collect()))
    }

    /// Holds new rows back while the reader is further down, so that nothing moves under his eyes.
    fn mind_scrolling(self) {
        let handle = window_event_listener(leptos::ev::scroll, move |_| {
            let down = window().scroll_y().unwrap_or_default() > NEAR_TOP;
            let held = self.shown.try_get_untracked().flatten();
            match (down, held) {
                (true, None) => {
                    let newest = untrack(|| self.news()).iter().map(|row| row.id).max();
                    self.shown.set(Some(newest.unwrap_or(i64::MAX - 1).min(self.newest_known())));
                }
                (false, Some(_)) => self.shown.set(None),
                _ => {}
            }
        });
        on_cleanup(move || handle.remove());
    }

    fn newest_known(self) -> i64 {
        let tail = self.live.tail.with_untracked(|tail| tail.iter().map(|row| row.id).max());
        let first = self.answer.with_value(|answer| answer.rows.iter().map(|row| row.id).max());
        tail.max(first).unwrap_or(i64::MIN)
    }

    /// Reads the page of earlier rows.
    pub(super) fn load_more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        if self.loading.get_untracked() {
            return;
        }
        self.loading.set(true);
        let query = LedgerQuery { cursor: Some(cursor), ..self.asked.with_value(|asked| asked.query(self.live.clock.exact())) };
        spawn_local(async move {
            let answer = data::load_ledger(query).await;
            // The reader may have left meanwhile.
            let _ = self.loading.try_set(false);
            match answer {
                Ok(answer) => {
                    let _ = self.next.try_set(answer.next);
                    let _ = self.more.try_update(|more| more.extend(answer.rows));
                    let _ = self.failed.try_set(None);
                }
                Err(problem) => _ = self.failed.try_set(Some(problem)),
            }
        });
    }

    /// The URL of earlier rows, for readers without a script; `None` after the last one.
    pub(super) fn next_url(self) -> Option<String> {
        self.next.get().map(|cursor| {
            let mut pairs = self.asked.with_value(Asked::to_pairs);
            pairs.push(("cursor", cursor));
            url_of(&pairs)
        })
    }
}

/// What every part looks at. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) held: Held,
    pub(super) live: Live,
    pub(super) chosen: Chosen,
    pub(super) lang: Lang,
    /// Every row, newest first.
    pub(super) rows: Memo<Arc<Vec<LedgerRow>>>,
    /// The rows, folded.
    pub(super) entries: Memo<Arc<Vec<Entry>>>,
    /// New rows that are held back.
    pub(super) waiting: Memo<usize>,
    /// The row whose facts are shown: parameter `row`, or the newest when the page was read.
    pub(super) selected: Memo<Option<i64>>,
    /// Whether the filter takes the focus back.
    pub(super) refocus: StoredValue<bool>,
}

impl Page {
    pub(super) fn new(held: Held, lang: Lang, refocus: StoredValue<bool>) -> Self {
        let rows = Memo::new(move |_| {
            let shown = held.shown.get();
            let mut rows: Vec<LedgerRow> = held.news().into_iter().filter(|row| shown.is_none_or(|shown| row.id <= shown)).collect();
            held.answer.with_value(|answer| rows.extend(answer.rows.iter().cloned()));
            held.more.with(|more| rows.extend(more.iter().cloned()));
            Arc::new(rows)
        });
        let gaps = held.answer.with_value(|answer| answer.gaps.clone());
        let query = use_query_map();
        let first = held.answer.with_value(|answer| answer.rows.first().map(|row| row.id));
        Self {
            held,
            live: held.live,
            chosen: use_chosen(),
            lang,
            rows,
            entries: Memo::new(move |_| Arc::new(rows.with(|rows| fold(rows, &gaps, held.next.with(Option::is_none))))),
            waiting: Memo::new(move |_| held.shown.get().map_or(0, |shown| held.news().iter().filter(|row| row.id > shown).count())),
            selected: Memo::new(move |_| query.with(|query| query.get("row")).and_then(|id| id.parse().ok()).or(first)),
            refocus,
        }
    }

    /// The protocol of a registry, where it is known here.
    pub(super) fn kind_of(self, registry: &RegistryId) -> Option<RegistryKind> {
        self.live.registries.with(|rows| rows.iter().find(|row| row.id == *registry).map(|row| row.kind))
    }

    /// The URL of the page with this row chosen.
    pub(super) fn row_url(self, id: i64) -> String {
        let mut pairs = self.held.asked.with_value(Asked::to_pairs);
        pairs.push(("row", id.to_string()));
        url_of(&pairs)
    }

    /// The URL of the page under another filter.
    pub(super) fn url(asked: &Asked) -> String {
        url_of(&asked.to_pairs())
    }

    /// The filter in force, changed.
    pub(super) fn asked_with(self, change: impl FnOnce(&mut Asked)) -> Asked {
        let mut asked = self.held.asked.get_value();
        change(&mut asked);
        asked
    }
}

fn url_of(pairs: &[(&'static str, String)]) -> String {
    format!("{}{}", place::href("/ledger"), place::encode(pairs.iter().map(|(name, value)| (*name, value.as_str()))))
}

/// The whole page.
pub(super) fn page(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    view! {
        <Title text=t.title />
        {head(page)}
        {bar::bar(page)}
        {density::density(page)}
        <div class="panes ledger-panes">
            {entries::entries(page)}
            <div>
                <div class="stays">{pane::pane(page)}</div>
            </div>
        </div>
    }
}

fn head(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    let (facts, transitions) = page.held.answer.with_value(|answer| (answer.facts, answer.transitions));
    let count = |n: u64| amount::count(i64::try_from(n).unwrap_or(i64::MAX));
    let asked = page.held.asked.get_value();
    let span = match asked.span {
        Span::Last(length) => Some((t.in_last)(&last_words(page.lang, length))),
        Span::Between(..) => None,
    };
    let registry = asked.registry.as_ref().map_or_else(|| t.all_registries.to_owned(), ToString::to_string);
    let about = [span, Some(registry)].into_iter().flatten().collect::<Vec<_>>().join(page.lang.pick(", ", "，"));
    let link = move || location_url().unwrap_or_default();
    let save = move |_| download("ledger.csv", &export::csv_of(&page.rows.get_untracked()));
    // What came since the page was read counts as well.
    let news = Memo::new(move |_| page.held.news().len() as u64);
    view! {
        <div class="head">
            <h1>{t.title}</h1>
            <span class="sub">
                <b class="strong mid">{move || count(facts.max(transitions) + news.get())}</b>
                " "
                {t.facts}
                " · "
                <b class="strong mid">{move || count(transitions + news.get())}</b>
                " "
                {t.transitions}
                " "
                <span class="opt2">{about}</span>
            </span>
            <span class="row end needs-script">
                <span class="opt2">{copy_button(t.copy_link, link, page.lang)}</span>
                <button type="button" class="btn" on:click=save>
                    {icon(Glyph::Download)}
                    {t.export}
                </button>
            </span>
        </div>
    }
}

/// A length as a reader says it: `60 min`, `24 h`, `7 d`.
pub(super) fn last_words(lang: Lang, length: i64) -> String {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match length {
        length if length >= 2 * DAY && length % DAY == 0 => format!("{} {}", length / DAY, lang.pick("d", "天")),
        length if length >= 2 * HOUR && length % HOUR == 0 => format!("{} {}", length / HOUR, lang.pick("h", "小时")),
        length if length % MINUTE == 0 => format!("{} {}", length / MINUTE, lang.pick("min", "分钟")),
        length => amount::duration(lang, length),
    }
}

/// The address of the page as a whole, for others to open.
fn location_url() -> Option<String> {
    window().location().href().ok()
}
