//! What must be said above any page: another build, no right to follow.

use leptos::prelude::*;

use crate::chosen::use_lang;
use crate::components::{Glyph, changing, icon};
use crate::i18n::shell;
use crate::live::{Link, use_live};
use crate::view::view;

/// Nothing, most of the time.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let live = use_live();
    let reload = |t: &shell::Texts| view! { <button type="button" class="btn small end" on:click=|_| reload_page()>{t.reload}</button> };
    let newer = changing(move || {
        live.newer.get().then(|| {
            let t = shell::texts(use_lang());
            view! { <div class="notice" role="status" data-status="neutral">{icon(Glyph::Info)}<div>{t.newer}</div>{reload(t)}</div> }
        })
    });
    let stopped = changing(move || {
        (live.link.get() == Link::Stopped).then(|| {
            let t = shell::texts(use_lang());
            view! {
                <div class="notice" role="alert" data-status="unknown">
                    {icon(Glyph::Stale)}<div><b class="strong">{t.stopped}</b>": "{t.stopped_why}</div>{reload(t)}
                </div>
            }
        })
    });
    view! { {newer} {stopped} }
}

fn reload_page() {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    let _ = window().location().reload();
}
