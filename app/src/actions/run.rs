//! Writing, one instance after the other; what each came to is kept until the dialog is gone, and told in a toast.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use pilothouse_api::{DeregisterRequest, EditRequest};
use pilothouse_model::{Fingerprint, InstanceEdit};

use super::ask::{Action, Target};
use super::change::{Change, renewed, seen};
use super::outcome::Outcome;
use super::summary;
use crate::components::{Act, Toast, Toasts};
use crate::data;
use crate::i18n::Lang;
use crate::i18n::actions::texts;

/// How far the write to one instance is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Not yet begun.
    Waiting,
    /// Sent.
    Running,
    /// Ended.
    Ended(Outcome),
}

/// One instance and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// Where it lives, and the instance as it was seen last: a conflict renews it.
    pub(super) target: Target,
    /// How far it is.
    pub(super) step: Step,
}

impl Item {
    fn is_written(&self) -> bool {
        matches!(&self.step, Step::Ended(outcome) if outcome.is_written())
    }
}

/// A run over several instances. Owned by nobody's view: it goes on when the dialog is closed.
#[derive(Clone)]
pub(super) struct Run {
    /// The instances.
    pub(super) items: ArcRwSignal<Vec<Item>>,
    /// Whether it is under way.
    pub(super) busy: ArcRwSignal<bool>,
    /// Whether somebody looks at it; otherwise results are told in a toast.
    pub(super) watched: ArcRwSignal<bool>,
}

/// What is the same for every instance of a run.
#[derive(Clone)]
pub(super) struct Order {
    /// Which action, for the words.
    pub(super) action: Action,
    /// What to write.
    pub(super) change: Change,
    /// Why.
    pub(super) reason: String,
}

impl Run {
    /// A run that has not begun.
    pub(super) fn new(targets: &[Target]) -> Self {
        let items = targets.iter().map(|target| Item { target: target.clone(), step: Step::Waiting }).collect();
        Self { items: ArcRwSignal::new(items), busy: ArcRwSignal::new(false), watched: ArcRwSignal::new(true) }
    }

    /// How many are written, of all; subscribes.
    pub(super) fn progress(&self) -> (usize, usize) {
        self.items.with(|items| (items.iter().filter(|item| item.is_written()).count(), items.len()))
    }

    /// Writes what is not written yet, then calls `done` with whether everything is.
    pub(super) fn start(&self, order: Order, toasts: Toasts, lang: Lang, done: impl FnOnce(bool) + 'static) {
        let run = self.clone();
        run.busy.set(true);
        run.items.update(|items| items.iter_mut().filter(|item| !item.is_written()).for_each(|item| item.step = Step::Waiting));
        spawn_local(async move {
            let count = run.items.with_untracked(Vec::len);
            for at in 0..count {
                let item = run.items.with_untracked(|items| items[at].clone());
                if item.is_written() {
                    continue;
                }
                run.set(at, Step::Running);
                let outcome = write(&item.target, &order).await;
                if let Outcome::Changed(Some(now)) = &outcome {
                    run.renew(at, now);
                }
                run.set(at, Step::Ended(outcome));
            }
            run.busy.set(false);
            let items = run.items.get_untracked();
            let all = items.iter().all(Item::is_written);
            // A single failure is shown in the dialog, with what was typed; everything else is told outside of it too.
            if all || !run.watched.get_untracked() {
                tell(&items, &order, toasts, lang);
            }
            done(all);
        });
    }

    fn set(&self, at: usize, step: Step) {
        self.items.update(|items| items[at].step = step);
    }

    fn renew(&self, at: usize, now: &InstanceEdit) {
        self.items.update(|items| {
            let row = Arc::make_mut(&mut items[at].target.row);
            row.instance = renewed(&row.instance, now);
        });
    }
}

/// Writes to one instance and waits for the readback.
async fn write(Target { row, place }: &Target, order: &Order) -> Outcome {
    match order.change.edit(&row.instance, place.can) {
        Some(edit) => {
            let request = EditRequest { seen: seen(&row.instance, &edit), edit, reason: order.reason.clone() };
            data::edit_instance(row.id, &request).await.into()
        }
        None => data::deregister_instance(row.id, &DeregisterRequest { reason: order.reason.clone() }).await.into(),
    }
}

fn tell(items: &[Item], order: &Order, toasts: Toasts, lang: Lang) {
    let t = texts(lang);
    if let [item] = items {
        let Step::Ended(outcome) = &item.step else { return };
        toasts.push(Toast {
            outcome: summary::mark(outcome),
            title: summary::headline(order.action, &item.target.row.instance.address(), outcome, lang),
            text: summary::word(outcome, lang),
            action: outcome.is_written().then(|| undo(&item.target, order, toasts, lang)).flatten().map(|act| (t.undo, act)),
        });
        return;
    }
    let written = items.iter().filter(|item| item.is_written()).count();
    let worst = items.iter().filter_map(|item| match &item.step {
        Step::Ended(outcome) => Some(summary::mark(outcome)),
        Step::Waiting | Step::Running => None,
    });
    let Some(outcome) = worst.max_by_key(|mark| *mark as u8) else { return };
    toasts.push(Toast { outcome, title: (t.bulk_done)(written, items.len()), text: String::new(), action: None });
}

/// Writes back what a weight or a drain changed, from what it is now. Metadata and deregistrations are not undone: others may
/// have built on the one, and only its own client can take back the other.
fn undo(Target { row, place }: &Target, order: &Order, toasts: Toasts, lang: Lang) -> Option<Act> {
    let edit = order.change.edit(&row.instance, place.can).filter(|edit| edit.metadata.is_none())?;
    let before = seen(&row.instance, &edit);
    let (id, address): (Fingerprint, String) = (row.id, row.instance.address());
    Some(Arc::new(move || {
        let request = EditRequest { edit: before.clone(), seen: edit.clone(), reason: texts(lang).undo_reason.to_owned() };
        let address = address.clone();
        spawn_local(async move {
            let outcome = Outcome::from(data::edit_instance(id, &request).await);
            let title = if outcome.is_written() { (texts(lang).undone)(&address) } else { (texts(lang).not_done)(&address) };
            let text = if outcome.is_written() { summary::fields(&request.edit, lang) } else { summary::word(&outcome, lang) };
            toasts.push(Toast { outcome: summary::mark(&outcome), title, text, action: None });
        });
    }))
}
