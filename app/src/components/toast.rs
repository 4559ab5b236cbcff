//! Toasts: what came of an action, after it was read back. Successes leave by themselves, everything else stays until closed.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, icon, icon_small};
use crate::i18n::{Lang, components};
use crate::view::view;

/// How long a success stays.
const STAY: Duration = Duration::from_secs(12);
/// Most toasts at a time; the oldest goes first. What they say stands in the ledger as well.
const MOST: usize = 5;

/// What a toast's button does. Shared, not owned by a view: the dialog it came from is gone by then.
pub(crate) type Act = Arc<dyn Fn() + Send + Sync>;

/// One toast.
#[derive(Clone)]
pub(crate) struct Toast {
    /// How it went: colours the icon.
    pub(crate) outcome: Outcome,
    /// What happened.
    pub(crate) title: String,
    /// What else is known of it; may be empty.
    pub(crate) text: String,
    /// A label and what it does, once.
    pub(crate) action: Option<(&'static str, Act)>,
}

/// How an action went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, and read back.
    Done,
    /// Accepted, and not yet to be seen.
    Pending,
    /// Not done.
    Failed,
}

impl Outcome {
    /// The value of `data-status`.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Done => "ok",
            Self::Pending => "late",
            Self::Failed => "unhealthy",
        }
    }

    /// The icon.
    pub(crate) fn glyph(self) -> Glyph {
        match self {
            Self::Done => Glyph::Up,
            Self::Pending => Glyph::Warn,
            Self::Failed => Glyph::Unhealthy,
        }
    }
}

/// The toasts of the tab. In context.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<(u32, Toast)>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Puts an empty list into context; call it where the [`toast_region`] stands.
    pub(crate) fn provide() -> Self {
        let toasts = Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(toasts);
        toasts
    }

    /// The list in context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Shows a toast.
    pub(crate) fn push(self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let leaves = toast.outcome == Outcome::Done;
        self.shown.update(|shown| {
            shown.push((id, toast));
            if shown.len() > MOST {
                shown.remove(0);
            }
        });
        if leaves {
            set_timeout(move || self.close(id), STAY);
        }
    }

    fn close(self, id: u32) {
        self.shown.update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

/// Where toasts appear: bottom right, and in a polite live region that is there from the start.
pub(crate) fn toast_region(lang: Lang) -> impl IntoView {
    let toasts = Toasts::here();
    let t = components::texts(lang);
    view! {
        <section class="toasts" aria-label=t.toasts>
            <div role="status" aria-live="polite">
            <ol>
                <For each=move || toasts.shown.get() key=|(id, _)| *id let:entry>
                    <li>{one(toasts, entry, lang)}</li>
                </For>
            </ol>
            </div>
        </section>
    }
}

fn one(toasts: Toasts, (id, toast): (u32, Toast), lang: Lang) -> impl IntoView {
    let t = components::texts(lang);
    let action = toast.action.map(|(label, run)| {
        let act = move |_| {
            toasts.close(id);
            run();
        };
        view! {
            <button type="button" class="btn quiet small" on:click=act>
                {label}
            </button>
        }
    });
    let text = (!toast.text.is_empty()).then(|| view! { <p>{toast.text}</p> });
    view! {
        <div class="toast" data-status=toast.outcome.status()>
            {icon(toast.outcome.glyph())}
            <div class="grow">
                <b class="strong">{toast.title}</b>
                {text}
            </div>
            {action}
            <button type="button" class="btn quiet small icon" aria-label=t.close on:click=move |_| toasts.close(id)>
                {icon_small(Glyph::X)}
            </button>
        </div>
    }
}
