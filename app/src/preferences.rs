//! What the reader chose: language, theme, zone, density. Kept in one cookie that the browser writes and the server reads.

use serde::{Deserialize, Serialize};

use crate::i18n::Lang;

/// Name of the cookie.
const COOKIE: &str = "pilothouse-preferences";

/// Everything a reader may choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// The language of the texts.
    pub lang: Lang,
    /// Day, night, or as the system says.
    pub theme: Theme,
    /// In which zone times are shown.
    pub zone: Zone,
    /// How tall rows are.
    pub density: Density,
}

/// Day or night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Ink.
    Dark,
    /// Chart paper.
    Light,
}

/// In which zone times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// The browser's zone. The server still prints UTC, since it does not know that zone.
    Local,
}

/// How tall rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// 26 px.
    #[default]
    Dense,
    /// 36 px.
    Cosy,
}

impl Theme {
    /// The value of `data-theme`; `None`: the attribute is left out and the system decides.
    #[must_use]
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Dark => Some("dark"),
            Self::Light => Some("light"),
        }
    }
}

impl Density {
    /// The value of `data-density`.
    #[must_use]
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Dense => None,
            Self::Cosy => Some("cosy"),
        }
    }
}

impl Preferences {
    /// Reads the request's headers. Without the cookie the language follows `Accept-Language`.
    #[must_use]
    pub fn from_headers(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        let first_visit = Self { lang: accept_language.map(Lang::accepted).unwrap_or_default(), ..Self::default() };
        let pairs = cookie.unwrap_or_default().split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find(|(name, _)| *name == COOKIE).map_or(first_visit, |(_, value)| first_visit.with(value))
    }

    /// These preferences, changed by the words of a cookie's value; unknown words are passed over.
    fn with(mut self, value: &str) -> Self {
        for word in value.split('.') {
            match word {
                "en" => self.lang = Lang::En,
                "zh" => self.lang = Lang::Zh,
                "auto" => self.theme = Theme::Auto,
                "dark" => self.theme = Theme::Dark,
                "light" => self.theme = Theme::Light,
                "utc" => self.zone = Zone::Utc,
                "local" => self.zone = Zone::Local,
                "dense" => self.density = Density::Dense,
                "cosy" => self.density = Density::Cosy,
                _ => {}
            }
        }
        self
    }

    /// The cookie as `document.cookie` takes it, for a console under `base`, kept for a year.
    #[must_use]
    pub fn to_cookie(self, base: &str) -> String {
        let lang = self.lang.pick("en", "zh");
        let theme = self.theme.attribute().unwrap_or("auto");
        let zone = match self.zone {
            Zone::Utc => "utc",
            Zone::Local => "local",
        };
        let density = self.density.attribute().unwrap_or("dense");
        let path = if base.is_empty() { "/" } else { base };
        format!("{COOKIE}={lang}.{theme}.{zone}.{density}; Path={path}; Max-Age=31536000; SameSite=Lax")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_round_trips() {
        for preferences in [
            Preferences::default(),
            Preferences { lang: Lang::Zh, theme: Theme::Dark, zone: Zone::Local, density: Density::Cosy },
            Preferences { theme: Theme::Light, ..Preferences::default() },
        ] {
            let cookie = preferences.to_cookie("/base");
            let pair = cookie.split(';').next().unwrap();
            let header = format!("other=1; {pair}; more=2");
            assert_eq!(Preferences::from_headers(Some(&header), Some("zh")), preferences);
        }
    }

    #[test]
    fn nonsense_leaves_what_the_browser_asked_for() {
        let read = Preferences::from_headers(Some("pilothouse-preferences=%%.martian.dark"), Some("zh-CN"));
        assert_eq!(read, Preferences { lang: Lang::Zh, theme: Theme::Dark, ..Preferences::default() });
        assert_eq!(Preferences::from_headers(None, None), Preferences::default());
    }
}
