//! What is asked of the ledger: exactly what stands in the URL, and what the reader types.

use pilothouse_api::{LedgerQuery, LedgerRow, LedgerShow};
use pilothouse_model::{Evidence, Liveness, Millis, RegistryId, ServiceId};

use serde::{Deserialize, Serialize};

use crate::i18n::moment;

const MINUTE: i64 = 60_000;

/// The filter of the page. Every field narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    /// Parameter `registry`.
    pub(super) registry: Option<RegistryId>,
    /// Parameter `service`: its id.
    pub(super) service: Option<ServiceId>,
    /// Parameter `host`.
    pub(super) host: Option<String>,
    /// Parameter `to`: a liveness slug.
    pub(super) to: Option<Liveness>,
    /// Parameter `q`: in names and addresses.
    pub(super) text: Option<String>,
    /// Parameter `show`: `edits`, or nothing for everything.
    pub(super) show: LedgerShow,
    /// Parameter `last`, or `since` and `until`.
    pub(super) span: Span,
}

/// Which stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Span {
    /// This many milliseconds before now, and on: `60m`, `24h`, `7d`.
    Last(i64),
    /// Between two moments; without the second one, up to now.
    Between(Millis, Option<Millis>),
}

impl Default for Span {
    fn default() -> Self {
        Self::Last(60 * MINUTE)
    }
}

impl Asked {
    /// Reads the decoded pairs of a URL. What cannot be understood narrows nothing.
    pub(super) fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut asked = Self::default();
        let (mut since, mut until) = (None, None);
        for (name, value) in pairs {
            match name {
                "q" | "text" => asked.typed(value, &mut since, &mut until),
                _ => _ = asked.set(name, value, &mut since, &mut until),
            }
        }
        asked.bound(since, until);
        asked
    }

    /// The same, narrowed further by what a reader typed: `host:10.2.3.7 to:removed checkout`.
    pub(super) fn and_typed(&self, text: &str) -> Self {
        let mut asked = Self { text: None, ..self.clone() };
        let (mut since, mut until) = (None, None);
        asked.typed(text, &mut since, &mut until);
        asked.bound(since, until);
        asked
    }

    fn typed(&mut self, text: &str, since: &mut Option<Millis>, until: &mut Option<Millis>) {
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let known = word.split_once(':').is_some_and(|(name, value)| self.set(name, value, since, until));
            if !known {
                words.push(word);
            }
        }
        self.text = (!words.is_empty()).then(|| words.join(" "));
    }

    /// Sets one parameter; whether it was understood.
    fn set(&mut self, name: &str, value: &str, since: &mut Option<Millis>, until: &mut Option<Millis>) -> bool {
        fn keep<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
            let understood = value.is_some();
            if understood {
                *slot = value;
            }
            understood
        }
        match name {
            "registry" => keep(&mut self.registry, value.parse().ok()),
            "service" => keep(&mut self.service, value.parse().ok()),
            "host" => keep(&mut self.host, (!value.is_empty()).then(|| value.to_owned())),
            "to" => keep(&mut self.to, Liveness::from_slug(&value.to_lowercase())),
            "since" => keep(since, parse_moment(value)),
            "until" => keep(until, parse_moment(value)),
            "show" => {
                let show = match value {
                    "edits" => LedgerShow::Edits,
                    "transitions" => LedgerShow::Transitions,
                    _ => return false,
                };
                self.show = show;
                true
            }
            "last" => parse_length(value).map(|length| self.span = Span::Last(length)).is_some(),
            _ => false,
        }
    }

    fn bound(&mut self, since: Option<Millis>, until: Option<Millis>) {
        match (since, until) {
            (Some(since), until) => self.span = Span::Between(since, until.filter(|until| *until > since)),
            (None, Some(until)) => {
                let length = if let Span::Last(length) = self.span { length } else { 60 * MINUTE };
                self.span = Span::Between(until - length, Some(until));
            }
            (None, None) => {}
        }
    }

    /// The filter as query pairs, not encoded, without defaults.
    pub(super) fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("registry", self.registry.as_ref().map(ToString::to_string));
        add("service", self.service.map(|id| id.to_string()));
        add("host", self.host.clone());
        add("to", self.to.map(|to| to.slug().to_owned()));
        add("q", self.text.clone());
        add("show", (self.show == LedgerShow::Edits).then(|| "edits".to_owned()));
        match self.span {
            span if span == Span::default() => {}
            Span::Last(length) => add("last", Some(write_length(length))),
            Span::Between(since, until) => {
                add("since", Some(moment::iso(since)));
                add("until", until.map(moment::iso));
            }
        }
        pairs
    }

    /// What to ask the server for, at `now`.
    pub(super) fn query(&self, now: Millis) -> LedgerQuery {
        let (since, until) = self.span.ends(now);
        LedgerQuery {
            since: Some(since),
            until,
            registry: self.registry.clone(),
            service: self.service,
            host: self.host.clone(),
            to: self.to,
            text: self.text.clone(),
            show: self.show,
            cursor: None,
            limit: None,
        }
    }

    /// Whether a new row belongs here: the same as the server would say.
    pub(super) fn matches(&self, row: &LedgerRow) -> bool {
        let text = |text: &String| {
            let text = text.to_lowercase();
            row.name.to_lowercase().contains(&text) || row.address.to_lowercase().contains(&text)
        };
        let in_span = match self.span {
            Span::Last(_) => true,
            Span::Between(since, until) => {
                let at = row.occurred.moment();
                at >= since && until.is_none_or(|until| at < until)
            }
        };
        in_span
            && self.registry.as_ref().is_none_or(|registry| row.registry == *registry)
            && self.service.is_none_or(|service| row.service == Some(service))
            && self.host.as_ref().is_none_or(|host| row.host == *host)
            && self.to.is_none_or(|to| row.to == to)
            && self.text.as_ref().is_none_or(text)
            && (self.show == LedgerShow::Transitions || matches!(row.evidence, Evidence::Edited { .. }))
    }
}

impl Span {
    /// Both ends, seen from `now`; the second is `None` where it goes on.
    pub(super) fn ends(self, now: Millis) -> (Millis, Option<Millis>) {
        match self {
            Self::Last(length) => (now - length, None),
            Self::Between(since, until) => (since, until),
        }
    }
}

/// `90s`, `60m`, `24h`, `7d`, in milliseconds; at most a year.
fn parse_length(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at(text.len().checked_sub(1)?);
    let unit = match unit {
        "s" => 1_000,
        "m" => MINUTE,
        "h" => 60 * MINUTE,
        "d" => 24 * 60 * MINUTE,
        _ => return None,
    };
    let number: i64 = number.parse().ok()?;
    number.checked_mul(unit).filter(|length| (1_000..=366 * 24 * 60 * MINUTE).contains(length))
}

/// The inverse of [`parse_length`], in the largest unit that is exact.
fn write_length(length: i64) -> String {
    for (unit, name) in [(24 * 60 * MINUTE, 'd'), (60 * MINUTE, 'h'), (MINUTE, 'm')] {
        if length % unit == 0 {
            return format!("{}{name}", length / unit);
        }
    }
    format!("{}s", length / 1_000)
}

/// `2026-11-21T03:11:52Z`, seconds and their parts optional, or milliseconds since 1970.
fn parse_moment(text: &str) -> Option<Millis> {
    if let Ok(ms) = text.parse() {
        return Some(Millis(ms));
    }
    let (date, clock) = text.strip_suffix('Z').unwrap_or(text).split_once('T')?;
    let number = |text: &str| text.parse::<i64>().ok().filter(|n| *n >= 0);
    let mut date = date.split('-');
    let (year, month, day) = (number(date.next()?)?, number(date.next()?)?, number(date.next()?)?);
    let mut clock = clock.split(':');
    let (hour, minute) = (number(clock.next()?)?, number(clock.next()?)?);
    let second: f64 = clock.next().map_or(Ok(0.0), str::parse).ok()?;
    let sane = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && (0.0..60.0).contains(&second);
    if !sane || date.next().is_some() || clock.next().is_some() {
        return None;
    }
    let ms = (second * 1_000.0).round() as i64;
    Some(Millis(days_before(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * MINUTE + ms))
}

/// Days from 1970-01-01 to a date. Years are counted from March, so that the leap day is the last day of a year.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_typed_becomes_parameters() {
        let asked = Asked::default().and_typed("host:10.2.3.7 to:Removed last:24h check out colour:red");
        let pairs = [("host", "10.2.3.7"), ("to", "removed"), ("q", "check out colour:red"), ("last", "1d")];
        assert_eq!(asked.to_pairs(), pairs.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn nonsense_narrows_nothing() {
        let pairs = [("registry", "NO"), ("service", "1"), ("to", "dead"), ("last", "5y"), ("since", "yesterday"), ("show", "x")];
        assert_eq!(Asked::from_pairs(pairs), Asked::default());
    }

    #[test]
    fn a_span_needs_its_ends_in_order() {
        let span = |pairs: &[(&'static str, &'static str)]| Asked::from_pairs(pairs.iter().copied()).span;
        let at = Millis(1_795_230_712_000);
        assert_eq!(span(&[("since", "2026-11-21T03:11:52Z")]), Span::Between(at, None));
        assert_eq!(span(&[("since", "2026-11-21T03:11:52Z"), ("until", "2026-11-21T03:10Z")]), Span::Between(at, None));
        assert_eq!(span(&[("until", "1795230712000"), ("last", "10m")]), Span::Between(at - 600_000, Some(at)));
    }

    proptest! {
        #[test]
        fn moments_are_read_as_they_are_written(ms in 0i64..4_102_444_800_000) {
            prop_assert_eq!(parse_moment(&moment::iso(Millis(ms))), Some(Millis(ms)));
        }

        #[test]
        fn the_url_holds_everything(host in proptest::option::of("[a-z0-9.]{1,12}"), to in 0usize..10, edits: bool, minutes in 1i64..100_000) {
            let asked = Asked {
                host,
                to: Liveness::ALL.get(to).copied(),
                show: if edits { LedgerShow::Edits } else { LedgerShow::Transitions },
                span: Span::Last(minutes * MINUTE),
                ..Asked::default()
            };
            let pairs = asked.to_pairs();
            prop_assert_eq!(Asked::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str()))), asked);
        }

        #[test]
        fn nothing_typed_breaks_it(text in "\\PC{0,40}") {
            let _ = Asked::default().and_typed(&text);
        }
    }
}
