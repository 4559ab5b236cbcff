//! A span in which this console was not running: nothing was seen, and nothing is made up.

use leptos::prelude::*;
use pilothouse_api::Gap;

use super::page::Page;
use crate::components::{Exact, Glyph, changing, icon};
use crate::i18n::ledger::texts;
use crate::i18n::{amount, moment};
use crate::view::view;

/// The gap as a body of its own.
pub(super) fn away(page: Page, gap: Gap) -> impl IntoView {
    let t = texts(page.lang);
    let span = changing(move || Exact::Second.interval(gap.from, gap.until, page.chosen.offset(gap.from)));
    view! {
        <tbody>
            <tr class="gap">
                <td colspan="5">
                    <span class="row">
                        {icon(Glyph::Away)}
                        <b class="strong">{t.away_row}</b>
                        <time class="mono" datetime=moment::iso(gap.from)>
                            {span}
                        </time>
                        <span class="sub">
                            {amount::duration(page.lang, gap.until.since(gap.from))}
                            <span class="opt2">{page.lang.pick(". ", "。")}{t.away_why}</span>
                        </span>
                    </span>
                </td>
            </tr>
        </tbody>
    }
}
