//! Shares of a whole: a bar for one, a split bar for all of them.

use leptos::prelude::*;

use crate::view::view;

/// A part of a whole in whole percent; never 0 or 100 for what is neither.
pub(crate) fn percent(part: f64, whole: f64) -> u8 {
    if whole <= 0.0 || part <= 0.0 {
        return 0;
    }
    if part >= whole {
        return 100;
    }
    (part / whole * 100.0).round().clamp(1.0, 99.0) as u8
}

/// How much of a whole, as a thin bar. A number stands beside it.
pub(crate) fn share_bar(percent: u8) -> impl IntoView {
    view! { <span class="share minibar"><i style=format!("--w:{percent}%")></i></span> }
}

/// One part of a split bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    /// Which of the fills it has; the same as the [`swatch`] beside its name.
    pub(crate) fill: usize,
    /// Its size, in any unit that is the same for all parts.
    pub(crate) size: f64,
}

/// The fills of parts, in order; what goes beyond shares the last one. Never a status colour.
const FILLS: [&str; 5] = ["var(--ink-3)", "var(--accent)", "var(--ink-1)", "var(--line-2)", "var(--line-3)"];

fn fill(at: usize) -> &'static str {
    FILLS[at.min(FILLS.len() - 1)]
}

/// A whole cut into its parts. `label` says the same in words.
pub(crate) fn split_bar(parts: &[Part], label: String) -> impl IntoView + use<> {
    let whole: f64 = parts.iter().map(|part| part.size).sum();
    let pieces = parts
        .iter()
        .filter(|part| part.size > 0.0 && whole > 0.0)
        .map(|part| view! { <i style=format!("--w:{:.1}%;--f:{}", part.size * 100.0 / whole, fill(part.fill))></i> })
        .collect_view();
    view! { <div class="split" role="img" aria-label=label>{pieces}</div> }
}

/// The square that ties a name to its part.
pub(crate) fn swatch(at: usize) -> impl IntoView {
    view! { <i class="vk" style=format!("--f:{}", fill(at))></i> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use expect_test::expect;

    use super::*;

    /// Without the comments by which hydration finds its way.
    fn html(parts: &[Part]) -> String {
        split_bar(parts, "versions".into()).to_html().replace("<!>", "")
    }

    #[test]
    fn parts_keep_their_fill_when_one_is_empty() {
        let parts = [(0, 450.0), (1, 0.0), (2, 150.0)].map(|(fill, size)| Part { fill, size });
        expect![[
            r#"<div role="img" aria-label="versions" class="split"><i style="--w:75.0%;--f:var(--ink-3);"></i><i style="--w:25.0%;--f:var(--ink-1);"></i></div>"#
        ]]
        .assert_eq(&html(&parts));
    }

    #[test]
    fn a_whole_without_weight_is_empty() {
        expect![[r#"<div role="img" aria-label="versions" class="split"></div>"#]].assert_eq(&html(&[Part { fill: 0, size: 0.0 }]));
    }
}

#[cfg(test)]
mod arithmetic {
    use super::*;

    #[test]
    fn a_small_share_is_not_nothing() {
        for ((part, whole), share) in [((0.0, 7.0), 0), ((1.0, 1000.0), 1), ((999.0, 1000.0), 99), ((7.0, 7.0), 100), ((1.0, 0.0), 0)] {
            assert_eq!(percent(part, whole), share, "{part} of {whole}");
        }
    }
}
