//! Moments as people read them, in UTC or at an offset from it.
//!
//! The offset is an argument: only the browser knows the reader's zone, and only after hydration.

use pilothouse_model::Millis;

/// Year, month, day, hour, minute, second, millisecond.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    ms: i64,
}

fn civil(at: Millis, offset_minutes: i32) -> Civil {
    let ms = at.0.saturating_add(i64::from(offset_minutes) * 60_000);
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // Howard Hinnant's days_from_civil, backwards: eras of 400 years that begin on the first of March.
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    Civil {
        year: yoe + era * 400 + i64::from(month <= 2),
        month,
        day: doy - (153 * mp + 2) / 5 + 1,
        hour: rest / 3_600_000,
        minute: rest / 60_000 % 60,
        second: rest / 1_000 % 60,
        ms: rest % 1_000,
    }
}

/// `2026-11-21T03:14:22.118Z`, for `datetime` attributes and exports: always UTC.
pub(crate) fn iso(at: Millis) -> String {
    let Civil { year, month, day, hour, minute, second, ms } = civil(at, 0);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// `03:14:22`.
pub(crate) fn clock(at: Millis, offset_minutes: i32) -> String {
    let Civil { hour, minute, second, .. } = civil(at, offset_minutes);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// `03:14`.
pub(crate) fn minute(at: Millis, offset_minutes: i32) -> String {
    let Civil { hour, minute, .. } = civil(at, offset_minutes);
    format!("{hour:02}:{minute:02}")
}

/// `2026-11-21`.
pub(crate) fn date(at: Millis, offset_minutes: i32) -> String {
    let Civil { year, month, day, .. } = civil(at, offset_minutes);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `UTC`, `UTC+8`, `UTC−3:30`: what stands beside a time so that nobody has to guess.
pub(crate) fn zone(offset_minutes: i32) -> String {
    let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
    let sign = if offset_minutes < 0 { '−' } else { '+' };
    match (offset_minutes, minutes) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_every_kind() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_230_862_118, "2026-11-21T03:14:22.118Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(Millis(ms)), text);
        }
    }

    #[test]
    fn an_offset_moves_the_date_too() {
        let at = Millis(1_795_230_862_118);
        assert_eq!((clock(at, 0).as_str(), minute(at, 0).as_str()), ("03:14:22", "03:14"));
        assert_eq!((clock(at, 480).as_str(), date(at, 480).as_str()), ("11:14:22", "2026-11-21"));
        assert_eq!((clock(at, -210).as_str(), date(at, -210).as_str()), ("23:44:22", "2026-11-20"));
        assert_eq!((zone(0).as_str(), zone(480).as_str(), zone(-210).as_str()), ("UTC", "UTC+8", "UTC−3:30"));
    }
}
