//! Numbers, durations and ages as people read them: `6,238`, `12 s`, `2 min 30 s`, `37 of 40`, a thin minus.

use super::Lang;

/// A whole number in groups of three: `6,238`, `−5`.
pub(crate) fn count(n: impl Into<i64>) -> String {
    let n = n.into();
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if n < 0 {
        text.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part of a whole: `37 of 40`, `37 / 40`.
pub(crate) fn of(lang: Lang, part: impl Into<i64>, whole: impl Into<i64>) -> String {
    let (part, whole) = (count(part), count(whole));
    match lang {
        Lang::En => format!("{part} of {whole}"),
        Lang::Zh => format!("{part} / {whole}"),
    }
}

/// A number with at most `places` decimals, without trailing zeros: `0.5`, `12`, `−0.25`.
pub(crate) fn decimal(n: f64, places: usize) -> String {
    let text = format!("{:.places$}", n.abs());
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if n < 0.0 && text != "0" { format!("−{text}") } else { text.to_owned() }
}

/// A latency: `12 ms`, `0.8 ms`, `1.2 s`.
pub(crate) fn latency(lang: Lang, ms: f64) -> String {
    match ms {
        ms if ms >= 1000.0 => format!("{} {}", decimal(ms / 1000.0, 1), lang.pick("s", "秒")),
        ms if ms >= 10.0 => format!("{ms:.0} ms"),
        ms => format!("{} ms", decimal(ms, 1)),
    }
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The age of a proof of life: `0.4 s` under ten seconds, then as [`span`]. Never negative: clocks of two machines differ.
pub(crate) fn age(lang: Lang, ms: i64) -> String {
    let ms = ms.max(0);
    if ms < 10 * SECOND { format!("{}.{} {}", ms / SECOND, ms % SECOND / 100, lang.pick("s", "秒")) } else { span(lang, ms) }
}

/// A duration in its largest unit, for table cells: `51 s`, `2 min`, `9 h`, `3 d`.
pub(crate) fn span(lang: Lang, ms: i64) -> String {
    let ms = ms.max(0);
    match ms {
        ms if ms < MINUTE => format!("{} {}", ms / SECOND, lang.pick("s", "秒")),
        ms if ms < HOUR => format!("{} {}", ms / MINUTE, lang.pick("min", "分")),
        ms if ms < DAY => format!("{} {}", ms / HOUR, lang.pick("h", "小时")),
        ms => format!("{} {}", ms / DAY, lang.pick("d", "天")),
    }
}

/// A duration to the second where that says something: `2 min 30 s` under ten minutes, `2 h 5 min` under ten hours, else as [`span`].
pub(crate) fn duration(lang: Lang, ms: i64) -> String {
    let ms = ms.max(0);
    let (large, small) = match ms {
        ms if (MINUTE..10 * MINUTE).contains(&ms) => (ms / MINUTE * MINUTE, ms % MINUTE / SECOND * SECOND),
        ms if (HOUR..10 * HOUR).contains(&ms) => (ms / HOUR * HOUR, ms % HOUR / MINUTE * MINUTE),
        ms => (ms, 0),
    };
    if small == 0 { span(lang, large) } else { format!("{} {}", span(lang, large), span(lang, small)) }
}

/// An interval of a registry's rule, exact where it can be: `250 ms`, `5 s`, `1.5 s`, `1 min 30 s`.
pub(crate) fn rule(lang: Lang, ms: i64) -> String {
    match ms {
        1..SECOND => format!("{ms} ms"),
        SECOND..MINUTE if ms % SECOND != 0 => format!("{} {}", decimal(ms as f64 / SECOND as f64, 1), lang.pick("s", "秒")),
        ms => duration(lang, ms),
    }
}

/// A beat interval: `5.0 s`, `30 s`.
pub(crate) fn interval(lang: Lang, ms: i64) -> String {
    age(lang, ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_groups_of_three() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (6_238, "6,238"), (-1_234_567, "−1,234,567")] {
            assert_eq!(count(n), text);
        }
        assert_eq!(of(Lang::En, 37, 40), "37 of 40");
        assert_eq!(of(Lang::Zh, 37, 40), "37 / 40");
    }

    #[test]
    fn decimals_lose_what_says_nothing() {
        for (n, places, text) in [(1.0, 2, "1"), (0.5, 2, "0.5"), (-0.25, 2, "−0.25"), (-0.001, 2, "0"), (10.0, 0, "10")] {
            assert_eq!(decimal(n, places), text);
        }
    }

    #[test]
    fn durations_read_as_the_look_writes_them() {
        for (ms, short, long) in [
            (-5, "0 s", "0 s"),
            (42_900, "42 s", "42 s"),
            (60_000, "1 min", "1 min"),
            (150_000, "2 min", "2 min 30 s"),
            (51 * MINUTE + 9_000, "51 min", "51 min"),
            (2 * HOUR + 5 * MINUTE, "2 h", "2 h 5 min"),
            (26 * HOUR, "1 d", "1 d"),
        ] {
            assert_eq!(span(Lang::En, ms), short);
            assert_eq!(duration(Lang::En, ms), long);
        }
        assert_eq!(duration(Lang::Zh, 150_000), "2 分 30 秒");
        assert_eq!(age(Lang::En, 440), "0.4 s");
        assert_eq!(age(Lang::En, 12_400), "12 s");
        assert_eq!(age(Lang::En, -300), "0.0 s");
    }

    #[test]
    fn rules_are_exact() {
        for (ms, text) in [(5_000, "5 s"), (500, "500 ms"), (1_500, "1.5 s"), (15_000, "15 s"), (90_000, "1 min 30 s"), (0, "0 s")] {
            assert_eq!(rule(Lang::En, ms), text);
        }
    }

    #[test]
    fn latencies_keep_two_digits_that_matter() {
        for (ms, text) in [(0.84, "0.8 ms"), (3.0, "3 ms"), (12.4, "12 ms"), (1_240.0, "1.2 s")] {
            assert_eq!(latency(Lang::En, ms), text);
        }
    }
}
