//! Times as Nacos writes them.

use jiff::Timestamp;

/// `2026-11-21T09:48:10.913+00:00`, as in error bodies and history rows.
pub(super) fn iso(ms: i64) -> String {
    formatted(ms, "%Y-%m-%dT%H:%M:%S.%3f+00:00")
}

/// `Sat, 21 Nov 2026 09:47:34 GMT`, as in headers.
pub(super) fn http_date(ms: i64) -> String {
    formatted(ms, "%a, %d %b %Y %H:%M:%S GMT")
}

fn formatted(ms: i64, format: &str) -> String {
    // What lies outside the representable years is shown as the epoch.
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::{http_date, iso};

    #[test]
    fn as_nacos_writes_them() {
        assert_eq!(iso(1_795_254_490_913), "2026-11-21T09:48:10.913+00:00");
        assert_eq!(http_date(1_795_254_454_151), "Sat, 21 Nov 2026 09:47:34 GMT");
    }
}
