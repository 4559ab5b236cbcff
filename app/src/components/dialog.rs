//! A modal dialog: the browser's own, so that focus is kept inside, Esc closes it, and focus returns to where it came from.

use leptos::html;
use leptos::prelude::*;

use crate::view::view;

/// Closes the dialog that a view stands in. In context of its children.
#[derive(Clone, Copy)]
pub(crate) struct CloseDialog(NodeRef<html::Dialog>);

impl CloseDialog {
    /// The dialog around the present view.
    pub(crate) fn around() -> Self {
        expect_context()
    }

    /// Closes it; what was focused before it opened is focused again.
    pub(crate) fn run(self) {
        if let Some(dialog) = self.0.get_untracked() {
            dialog.close();
        }
    }
}

/// A dialog that opens as soon as it is there. The title is verb and object; `content` is a `.body` and a `footer`, in a form where
/// Enter shall do something. `on_close` runs once it was closed, in whichever way.
pub(crate) fn dialog<V: IntoView>(title: String, on_close: Callback<()>, content: impl FnOnce() -> V) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    provide_context(CloseDialog(node));
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            // Fails only on a dialog that is open or not in the document; neither is one to tell a reader about.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="dialog-title" on:close=move |_| on_close.run(())>
            <header>
                <h2 id="dialog-title">{title}</h2>
            </header>
            {content()}
        </dialog>
    }
}
