//! Moments to the tenth and intervals as text, for tables in which order matters.

use pilothouse_model::Millis;

use crate::i18n::moment;

const HALF_A_DAY: i64 = 12 * 60 * 60 * 1_000;

/// How exactly a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exact {
    /// `03:14`
    Minute,
    /// `03:14:18`
    Second,
    /// `03:14:18.4`
    Tenth,
}

impl Exact {
    /// The time of day, `offset` minutes east of UTC.
    pub(crate) fn clock(self, at: Millis, offset: i32) -> String {
        match self {
            Self::Minute => moment::minute(at, offset),
            Self::Second => moment::clock(at, offset),
            Self::Tenth => format!("{}.{}", moment::clock(at, offset), at.0.rem_euclid(1_000) / 100),
        }
    }

    /// The time of day, with the date in front when it is so far from `now` that the time alone would mislead.
    pub(crate) fn dated(self, at: Millis, now: Millis, offset: i32) -> String {
        let clock = self.clock(at, offset);
        if now.since(at).abs() < HALF_A_DAY { clock } else { format!("{} {clock}", moment::date(at, offset)) }
    }

    /// Both ends of an interval, without saying twice what they share: `03:12:22.1–26.4`.
    pub(crate) fn interval(self, from: Millis, until: Millis, offset: i32) -> String {
        let (from_text, until_text) = (self.clock(from, offset), self.clock(until, offset));
        if from_text == until_text && until.since(from) < HALF_A_DAY {
            return from_text;
        }
        if moment::date(from, offset) != moment::date(until, offset) {
            return format!("{} {from_text}–{until_text}", moment::date(from, offset));
        }
        let same_minute = self != Self::Minute && from_text[..5] == until_text[..5];
        let rest = if same_minute { &until_text[6..] } else { &until_text[..] };
        format!("{from_text}–{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: i64 = 1_795_219_200_000;

    #[test]
    fn an_interval_says_nothing_twice() {
        let at = |h: i64, min: i64, ms: i64| Millis(MIDNIGHT + h * 3_600_000 + min * 60_000 + ms);
        for (from, until, exact, text) in [
            (at(3, 12, 22_100), at(3, 12, 26_400), Exact::Tenth, "03:12:22.1–26.4"),
            (at(3, 12, 22_100), at(3, 12, 22_150), Exact::Tenth, "03:12:22.1"),
            (at(2, 31, 4_000), at(2, 33, 7_000), Exact::Second, "02:31:04–02:33:07"),
            (at(2, 31, 0), at(2, 33, 0), Exact::Minute, "02:31–02:33"),
            (at(23, 59, 0), at(24, 1, 0), Exact::Minute, "2026-11-21 23:59–00:01"),
            (at(3, 0, 0), at(27, 0, 0), Exact::Minute, "2026-11-21 03:00–03:00"),
        ] {
            assert_eq!(exact.interval(from, until, 0), text);
        }
    }

    #[test]
    fn another_day_brings_its_date() {
        let now = Millis(MIDNIGHT + 11_662_118);
        assert_eq!(Exact::Second.dated(now - 1_000, now, 0), "03:14:21");
        assert_eq!(Exact::Minute.dated(now - 2 * HALF_A_DAY, now, 0), "2026-11-20 03:14");
    }
}
