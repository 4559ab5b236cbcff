//! The places of the navigation. Only what exists.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::Glyph;
use crate::i18n::shell::Texts;
use crate::place;

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The fleet at a glance.
    Overview,
    /// Every service, and each one's page.
    Services,
    /// What happened.
    Ledger,
    /// The sources.
    Registries,
}

impl Section {
    /// In the order of the navigation.
    pub(crate) const ALL: [Self; 4] = [Self::Overview, Self::Services, Self::Ledger, Self::Registries];

    /// Its path below the base.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Services => "/services",
            Self::Ledger => "/ledger",
            Self::Registries => "/registries",
        }
    }

    /// Its URL.
    pub(crate) fn href(self) -> String {
        place::href(self.path())
    }

    /// Its icon.
    pub(crate) fn glyph(self) -> Glyph {
        match self {
            Self::Overview => Glyph::Overview,
            Self::Services => Glyph::Services,
            Self::Ledger => Glyph::Ledger,
            Self::Registries => Glyph::Registry,
        }
    }

    /// Its name.
    pub(crate) fn name(self, t: &Texts) -> &'static str {
        match self {
            Self::Overview => t.overview,
            Self::Services => t.services,
            Self::Ledger => t.ledger,
            Self::Registries => t.registries,
        }
    }

    /// The section a path below the base belongs to, and what follows its name.
    pub(crate) fn of(path: &str) -> Option<(Self, &str)> {
        if path.is_empty() || path == "/" {
            return Some((Self::Overview, ""));
        }
        Self::ALL.into_iter().skip(1).find_map(|section| {
            let rest = path.strip_prefix(section.path())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| (section, rest.trim_start_matches('/')))
        })
    }
}

/// The path below the base of the page that is shown.
pub(super) fn here() -> Memo<String> {
    let pathname = use_location().pathname;
    let base = place::base();
    Memo::new(move |_| pathname.with(|path| path.strip_prefix(&*base).unwrap_or(path).to_owned()))
}

/// `aria-current` of a section's link.
pub(super) fn current(here: Memo<String>, section: Section) -> Option<&'static str> {
    here.with(|path| Section::of(path).map(|(of, rest)| (of == section, rest.is_empty())))
        .and_then(|(same, whole)| same.then_some(if whole { "page" } else { "true" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_belong_to_sections() {
        for (path, expected) in [
            ("", Some((Section::Overview, ""))),
            ("/", Some((Section::Overview, ""))),
            ("/services", Some((Section::Services, ""))),
            ("/services/", Some((Section::Services, ""))),
            ("/services/a~1", Some((Section::Services, "a~1"))),
            ("/servicesx", None),
            ("/nowhere", None),
        ] {
            assert_eq!(Section::of(path), expected, "{path}");
        }
    }
}
