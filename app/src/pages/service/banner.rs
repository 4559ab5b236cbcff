//! The verdict as the headline of the page: a sentence, its evidence, and since when.

use leptos::prelude::*;
use pilothouse_model::{Liveness, Millis};

use super::page::Page;
use super::verdict::{Share, Verdict, verdict};
use crate::components::{Exact, Glyph, icon};
use crate::i18n::service::{Texts, texts};
use crate::i18n::{Lang, amount};
use crate::view::view;

/// The verdict; nothing when all is well.
pub(super) fn banner(page: Page) -> impl IntoView {
    let verdict = Memo::new(move |_| page.seen.with(|seen| verdict(seen)));
    view! {
        <div role="status" aria-live="polite">
            {move || verdict.get().map(|verdict| notice(page, &verdict))}
        </div>
    }
}

fn notice(page: Page, verdict: &Verdict) -> impl IntoView + use<> {
    let clock = move |at: Millis| Exact::Second.clock(at, page.chosen.offset(at));
    let (sentence, evidence) = words(verdict, page.lang, &clock);
    let since = match verdict {
        Verdict::Failing { since, .. } | Verdict::Lost { since: Some(since), .. } => Some(*since),
        _ => None,
    };
    let age = since.map(|since| {
        view! { <span class="dim nowrap">{move || amount::duration(page.lang, page.live.now().since(since))}</span> }
    });
    let glyph = if matches!(verdict, Verdict::Lost { .. }) { Glyph::Stale } else { Glyph::of(verdict.status()) };
    view! {
        <div class="notice" data-status=verdict.status().slug()>
            {icon(glyph)}
            <div class="grow">
                <b>{sentence}</b>
                " "
                {evidence}
            </div>
            {age}
        </div>
    }
}

/// The sentence, and the evidence behind it.
fn words(verdict: &Verdict, lang: Lang, clock: &dyn Fn(Millis) -> String) -> (String, String) {
    let t = texts(lang);
    match verdict {
        Verdict::Lost { since: Some(since), instances } => (t.lost.to_owned(), (t.lost_view)(&clock(*since), *instances)),
        Verdict::Lost { since: None, .. } => (t.lost.to_owned(), t.lost_never.to_owned()),
        Verdict::Empty => (t.empty.to_owned(), t.empty_why.to_owned()),
        Verdict::Protected { healthy, of } => (t.protected.to_owned(), (t.protected_why)(*healthy, *of)),
        Verdict::Failing { count, of, share, states, since } => {
            let worst = states.first().map_or(Liveness::Unknown, |(state, _)| *state);
            let sentence = match share {
                Share::One(address) => (t.one_fails)(address, worst),
                Share::All => (t.all_fail)(*count),
                Share::Host(host) => (t.on_host)(*count, *of, host),
                Share::Zone(zone) => (t.in_zone)(*count, *of, zone),
                Share::Mostly(host, on_it) => (t.mostly_on_host)(*count, *of, host, *on_it),
                Share::Hosts(hosts) => (t.on_hosts)(*count, *of, *hosts),
            };
            let since = (t.since)(&clock(*since));
            let evidence = match share {
                Share::One(_) => lang.pick(capital(&since), since) + lang.pick(".", "。"),
                _ => format!("{}{}{since}{}", Texts::states(lang, states), lang.pick(", ", "，"), lang.pick(".", "。")),
            };
            (sentence, evidence)
        }
    }
}

/// A sentence of its own begins with a capital.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(share: Share, lang: Lang) -> String {
        let states = vec![(Liveness::Removed, 2), (Liveness::Late, 1)];
        let verdict = Verdict::Failing { count: 3, of: 12, share, states, since: Millis(0) };
        let (sentence, evidence) = words(&verdict, lang, &|_| "03:11:52".to_owned());
        format!("{sentence} {evidence}")
    }

    #[test]
    fn a_verdict_is_subject_verb_and_count() {
        for (share, text) in [
            (Share::Host("10.2.3.7".into()), "3 of 12 instances fail, all on host 10.2.3.7: 2 removed, 1 late, since 03:11:52."),
            (Share::Zone("east-1b".into()), "3 of 12 instances fail, all in zone east-1b: 2 removed, 1 late, since 03:11:52."),
            (Share::Mostly("10.2.3.7".into(), 2), "3 of 12 instances fail, 2 of them on host 10.2.3.7: 2 removed, 1 late, since 03:11:52."),
            (Share::One("10.2.3.7:80".into()), "10.2.3.7:80 is removed. Since 03:11:52."),
        ] {
            assert_eq!(read(share, Lang::En), text);
        }
        assert_eq!(read(Share::Hosts(2), Lang::Zh), "12 个实例中有 3 个异常，分布在 2 台主机： 2 已摘除、1 迟到，自 03:11:52。");
    }
}
