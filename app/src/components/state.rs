//! What stands in place of data: nothing there, something went wrong, not there yet.

use leptos::prelude::*;
use pilothouse_api::{Problem, ProblemCode};

use super::{Glyph, icon};
use crate::i18n::{Lang, shell};
use crate::view::view;

/// A pane without rows: what, why, and the one next step.
pub(crate) fn state(glyph: Glyph, what: impl IntoView, why: impl IntoView, next: impl IntoView) -> AnyView {
    view! { <div class="state">{icon(glyph)}<h2>{what}</h2><p>{why}</p>{next}</div> }
}

/// A page that could not be read.
pub(crate) fn problem(lang: Lang, problem: &Problem) -> impl IntoView + use<> {
    #[cfg(feature = "ssr")]
    if let Some(status) = use_context::<crate::data::PageStatus>() {
        status.set(problem.status);
    }
    let t = shell::texts(lang);
    let what = match problem.code {
        ProblemCode::Unreachable => t.unreachable.to_owned(),
        ProblemCode::NotFound => t.not_found.to_owned(),
        _ => problem.title.clone(),
    };
    view! {
        <div class="state" data-status="unhealthy" role="alert">
            {icon(Glyph::Unhealthy)}
            <h1>{what}</h1>
            <p>{problem.detail.clone()}</p>
            <a class="btn small" rel="external" href="">{t.try_again}</a>
        </div>
    }
}

/// Rows that are on their way; seen only after 200 ms.
pub(crate) fn skeleton(lang: Lang) -> impl IntoView {
    let line = |widths: [&'static str; 4]| {
        let bars = widths.map(|w| view! { <i class="skel" style=format!("--w:{w}")></i> });
        view! { <span class="row">{bars}</span> }
    };
    view! {
        <div class="state waiting" role="status" aria-busy="true" aria-label=shell::texts(lang).loading>
            {line(["14px", "26%", "30%", "36px"])}
            {line(["14px", "19%", "34%", "36px"])}
            {line(["14px", "31%", "22%", "36px"])}
            {line(["14px", "22%", "28%", "36px"])}
        </div>
    }
}
