//! The one dialog of all actions: names what it touches, asks, writes, and shows what came of it.

use leptos::prelude::*;

use super::ask::{Action, Ask};
use super::change::{Change, parse_weight};
use super::metadata::{Entries, metadata_fields};
use super::naming::{after_line, facts, title};
use super::notes::notes;
use super::results::results;
use super::run::{Order, Run, Step};
use crate::components::{CloseDialog, Toasts, changing, dialog};
use crate::i18n::actions::texts;
use crate::i18n::{Lang, amount};
use crate::view::view;

/// Shows a dialog for what is asked for, until it is closed.
pub(crate) fn action_dialog(ask: RwSignal<Option<Ask>>, lang: Lang) -> impl IntoView {
    changing(move || {
        ask.get().map(|wanted| {
            let title = title(&wanted, texts(lang));
            let close = Callback::new(move |()| ask.set(None));
            dialog(title, close, move || form(wanted, lang)).into_any()
        })
    })
}

/// What a person types. Kept over conflicts and failures.
#[derive(Clone, Copy)]
struct Typed {
    weight: RwSignal<String>,
    metadata: Entries,
    reason: RwSignal<String>,
}

fn form(ask: Ask, lang: Lang) -> impl IntoView {
    let t = texts(lang);
    let close = CloseDialog::around();
    let toasts = Toasts::here();
    let typed = Typed::of(&ask);
    let run = Run::new(&ask.targets);
    let wrong = RwSignal::new(None::<String>);
    on_cleanup({
        let watched = run.watched.clone();
        move || watched.set(false)
    });
    let ask = StoredValue::new(ask);
    let change = move || ask.with_value(|ask| typed.read(ask, lang));
    let submit = {
        let run = run.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if run.busy.get_untracked() {
                return;
            }
            match untrack(change) {
                Err(why) => wrong.set(Some(why)),
                Ok(change) => {
                    wrong.set(None);
                    let reason = typed.reason.get_untracked().trim().to_owned();
                    let order = ask.with_value(|ask| Order { action: ask.action, change, reason });
                    let single = ask.with_value(|ask| ask.targets.len() == 1);
                    run.start(order, toasts, lang, move |all| {
                        if all && single {
                            close.run();
                        }
                    });
                }
            }
        }
    };
    let (action, targets) = ask.with_value(|ask| (ask.action, ask.targets.len()));
    let fields = match action {
        Action::Weight => weight_field(typed.weight, wrong, lang).into_any(),
        Action::Metadata => metadata_fields(typed.metadata, lang).into_any(),
        Action::Drain | Action::Restore | Action::Deregister => ().into_any(),
    };
    view! {
        <form on:submit=submit>
            <div class="body">
                {ask.with_value(|ask| facts(ask, lang))}
                {move || ask.with_value(|ask| after_line(ask, &typed.read(ask, lang).ok()?, lang))}
                {ask.with_value(|ask| notes(ask, lang).into_iter().map(|note| view! { <p>{note}</p> }).collect_view())}
                {fields}
                <label class="stack">
                    {t.reason}
                    <textarea
                        class="field"
                        rows="2"
                        maxlength="500"
                        placeholder=t.reason_kept
                        prop:value=typed.reason
                        on:input:target=move |event| typed.reason.set(event.target().value())
                    ></textarea>
                </label>
                <div role="status" aria-live="polite" class="results">
                    {results(run.clone(), wrong, targets == 1, lang)}
                </div>
            </div>
            {footer(run, action, targets, close, lang)}
        </form>
    }
}

impl Typed {
    fn of(ask: &Ask) -> Self {
        let first = ask.targets.first().map(|target| &target.row.instance);
        let same = first.filter(|first| ask.targets.iter().all(|target| target.row.instance.weight == first.weight));
        Self {
            weight: RwSignal::new(same.map(|instance| amount::decimal(instance.weight, 3)).unwrap_or_default()),
            metadata: Entries::new(&first.map(|instance| instance.metadata.clone()).unwrap_or_default()),
            reason: RwSignal::new(String::new()),
        }
    }

    /// What is asked for, or what is wrong with it.
    fn read(self, ask: &Ask, lang: Lang) -> Result<Change, String> {
        let t = texts(lang);
        Ok(match ask.action {
            Action::Drain => Change::Drain,
            Action::Restore => Change::Restore,
            Action::Deregister => Change::Deregister,
            Action::Weight => Change::Weight(parse_weight(&self.weight.get()).ok_or(t.weight_bounds)?),
            Action::Metadata => {
                let metadata = self.metadata.read(lang)?;
                if ask.targets.iter().all(|target| target.row.instance.metadata == metadata) {
                    return Err(t.nothing_changed.to_owned());
                }
                Change::Metadata(metadata)
            }
        })
    }
}

fn weight_field(weight: RwSignal<String>, wrong: RwSignal<Option<String>>, lang: Lang) -> impl IntoView {
    let t = texts(lang);
    let typed = move |text: String| {
        wrong.set(None);
        weight.set(text);
    };
    view! {
        <label class="stack">
            {t.weight_label}
            <input
                class="field short"
                inputmode="decimal"
                autofocus
                autocomplete="off"
                aria-invalid=move || parse_weight(&weight.get()).is_none().then_some("true")
                prop:value=weight
                on:input:target=move |event| typed(event.target().value())
            />
        </label>
    }
}

fn footer(run: Run, action: Action, targets: usize, close: CloseDialog, lang: Lang) -> impl IntoView {
    let t = texts(lang);
    let verb = match action {
        Action::Weight => t.weight_verb,
        Action::Drain => t.drain_verb,
        Action::Restore => t.restore_verb,
        Action::Metadata => t.metadata_verb,
        Action::Deregister => t.deregister_verb,
    };
    let class = match action {
        Action::Drain | Action::Deregister => "btn danger",
        Action::Weight | Action::Restore | Action::Metadata => "btn primary",
    };
    changing(move || {
        let ((written, all), busy) = (run.progress(), run.busy.get());
        let tried = run.items.with(|items| items.iter().any(|item| matches!(item.step, Step::Ended(_))));
        let label = match (busy, tried) {
            (true, _) => (t.writing)(written, all),
            (false, false) => verb(targets),
            (false, true) if targets == 1 => t.again.to_owned(),
            (false, true) => (t.again_all)(all - written),
        };
        let act = (written < all).then(|| {
            view! {
                <button type="submit" class=class aria-disabled=busy.then_some("true")>
                    {label}
                </button>
            }
        });
        let leave = if written > 0 || busy { t.close } else { t.cancel };
        view! {
            <footer>
                <button type="button" class="btn" on:click=move |_| close.run()>
                    {leave}
                </button>
                {act}
            </footer>
        }
    })
}
