//! What the palette offers, how it is drawn, and what choosing it does.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use pilothouse_api::ServiceRow;

use crate::chosen::Chosen;
use crate::components::{Glyph, icon, kind};
use crate::i18n::{Lang, amount, shell};
use crate::live::Live;
use crate::place;
use crate::preferences::Zone;
use crate::shell::Section;
use crate::view::view;

/// Something that can be chosen.
#[derive(Clone, PartialEq)]
pub(super) enum Choice {
    /// A service's page.
    Service(Arc<ServiceRow>),
    /// Another page.
    Page(Section),
    /// A change of how pages look.
    Setting(Setting),
}

/// What can be switched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Theme,
    Language,
    Zone,
    Density,
    Hold,
}

impl Setting {
    const ALL: [Self; 5] = [Self::Theme, Self::Language, Self::Zone, Self::Density, Self::Hold];

    fn name(self, t: &shell::Texts) -> &'static str {
        match self {
            Self::Theme => t.theme,
            Self::Language => t.language,
            Self::Zone => t.zone,
            Self::Density => t.density,
            Self::Hold => t.hold,
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Self::Theme => Glyph::Sun,
            Self::Language => Glyph::Info,
            Self::Zone => Glyph::Late,
            Self::Density => Glyph::Table,
            Self::Hold => Glyph::Pause,
        }
    }
}

impl Choice {
    /// The heading it stands under.
    pub(super) fn group(&self, t: &shell::Texts) -> &'static str {
        match self {
            Self::Service(_) => t.palette_services,
            Self::Page(_) => t.palette_pages,
            Self::Setting(_) => t.palette_settings,
        }
    }
}

/// Everything whose name has the words of a query, services first.
pub(super) fn matching(t: &shell::Texts, query: &str, services: Vec<Arc<ServiceRow>>) -> Vec<Choice> {
    let query = query.to_lowercase();
    let named = |name: &str| query.split_whitespace().all(|word| name.to_lowercase().contains(word));
    let pages = Section::ALL.into_iter().filter(|section| named(section.name(t))).map(Choice::Page);
    let settings = Setting::ALL.into_iter().filter(|setting| named(setting.name(t))).map(Choice::Setting);
    services.into_iter().map(Choice::Service).chain(pages).chain(settings).collect()
}

/// Does what was chosen.
pub(super) fn perform(choice: &Choice, chosen: Chosen, live: Live, navigate: &impl Fn(&str, NavigateOptions)) {
    match choice {
        Choice::Service(row) => navigate(&place::service(row), NavigateOptions::default()),
        Choice::Page(section) => navigate(&section.href(), NavigateOptions::default()),
        Choice::Setting(Setting::Theme) => chosen.switch_theme(),
        Choice::Setting(Setting::Language) => chosen.change(|p| p.lang = p.lang.other()),
        Choice::Setting(Setting::Zone) => chosen.change(|p| p.zone = if p.zone == Zone::Local { Zone::Utc } else { Zone::Local }),
        Choice::Setting(Setting::Density) => chosen.switch_density(),
        Choice::Setting(Setting::Hold) => live.hold_or_go_on(),
    }
}

/// One line of the list.
pub(super) fn option(lang: Lang, live: Live, choice: &Choice, query: &str) -> AnyView {
    let t = shell::texts(lang);
    match choice {
        Choice::Service(row) => {
            let liveness = live.liveness(row);
            let healthy = live.healthy(row).map_or_else(|| "?".to_owned(), |healthy| amount::of(lang, healthy, row.total));
            view! {
                {kind(live.kind(&row.registry))}
                <span class="cut grow">{marked(&row.name, query)}" "<span class="dim">{row.registry.to_string()}" / "{row.namespace.to_string()}</span></span>
                <span class="chip end" data-status=liveness.slug()>{icon(Glyph::of(liveness))}{healthy}</span>
            }
        }
        Choice::Page(section) => view! { {icon(section.glyph())}<span class="cut">{marked(section.name(t), query)}</span> },
        Choice::Setting(setting) => view! { {icon(setting.glyph())}<span class="cut">{marked(setting.name(t), query)}</span> },
    }
}

/// A name with the first place of the query's first word marked.
fn marked(name: &str, query: &str) -> impl IntoView + use<> {
    let word = query.split_whitespace().next().unwrap_or_default();
    let (before, hit, after) = split(name, word);
    view! { {before.to_owned()}<mark>{hit.to_owned()}</mark>{after.to_owned()} }
}

fn split<'a>(name: &'a str, word: &str) -> (&'a str, &'a str, &'a str) {
    let found = name.char_indices().find(|(i, _)| name[*i..].get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)));
    match found {
        Some((i, _)) => (&name[..i], &name[i..i + word.len()], &name[i + word.len()..]),
        None => (name, "", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hit_is_marked_in_any_script() {
        for (name, word, expected) in [
            ("checkout-api", "OUT", ("check", "out", "-api")),
            ("订单服务", "服务", ("订单", "服务", "")),
            ("订单", "ab", ("订单", "", "")),
            ("abc", "", ("", "", "abc")),
        ] {
            assert_eq!(split(name, word), expected, "{name} {word}");
        }
    }
}
