//! Every text a person reads, in English and Simplified Chinese.
//!
//! One file a page; in each a struct of texts and two statics of it, so that a missing text does not compile. Nothing here
//! knows a view, a clock or a browser.

pub(crate) mod actions;
pub(crate) mod amount;
pub(crate) mod components;
pub(crate) mod evidence;
pub(crate) mod ledger;
pub(crate) mod moment;
pub(crate) mod overview;
pub(crate) mod registries;
pub(crate) mod service;
pub(crate) mod services;
pub(crate) mod shell;
pub(crate) mod words;

use serde::{Deserialize, Serialize};

/// The languages of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The BCP 47 tag for `lang` attributes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
        }
    }

    /// The other one: there is a switch, not a menu.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// The one of two texts that is in this language.
    pub(crate) fn pick<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }

    /// The best of an `Accept-Language` header; English when neither is asked for.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::En, 0.0_f32);
        for item in header.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
            let lang = match tag.split('-').next() {
                Some("zh") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (lang, weight);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_we_speak_wins() {
        for (header, expected) in [
            ("", Lang::En),
            ("fr, de;q=0.9", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-GB,en;q=0.9,zh;q=0.8", Lang::En),
            ("fr;q=1, zh-TW;q=0.5, en;q=0.4", Lang::Zh),
            ("zh;q=nonsense", Lang::Zh),
        ] {
            assert_eq!(Lang::accepted(header), expected, "{header}");
        }
    }
}
