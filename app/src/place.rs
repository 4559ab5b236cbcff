//! Where things are: every URL the app writes, below the base path the console runs under.

use pilothouse_api::{ServiceFilter, ServiceRow};
use pilothouse_model::{RegistryId, ServiceId};

#[cfg(not(feature = "ssr"))]
static BASE: std::sync::OnceLock<String> = std::sync::OnceLock::new();

/// Remembers the base path for the life of the tab, so that it can be read outside any view.
#[cfg(any(feature = "hydrate", feature = "csr"))]
pub(crate) fn keep_base(base: &str) {
    #[cfg(not(feature = "ssr"))]
    let _ = BASE.set(base.to_owned());
    #[cfg(feature = "ssr")]
    let _ = base;
}

/// The base path without a trailing slash; empty at the root.
pub(crate) fn base() -> String {
    #[cfg(feature = "ssr")]
    return leptos::prelude::use_context::<crate::boot::Boot>().map(|boot| boot.base).unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    BASE.get().cloned().unwrap_or_default()
}

/// A path below the base: `href("/services")`.
pub(crate) fn href(path: &str) -> String {
    format!("{}{path}", base())
}

/// The page of a service.
pub(crate) fn service(row: &ServiceRow) -> String {
    service_named(row.id, &row.name)
}

/// The page of a service of which only id and name are known.
pub(crate) fn service_named(id: ServiceId, name: &str) -> String {
    format!("{}/services/{}", base(), id.path_segment(name))
}

/// The Services page under a filter.
pub(crate) fn services(filter: &ServiceFilter) -> String {
    format!("{}/services{}", base(), query(filter))
}

/// A filter as the query of a URL, with its `?`; empty for no filter.
pub(crate) fn query(filter: &ServiceFilter) -> String {
    let pairs = filter.to_pairs();
    encode(pairs.iter().map(|(name, value)| (*name, value.as_str())))
}

/// A registry on the Registries page.
pub(crate) fn registry(id: &RegistryId) -> String {
    format!("{}/registries{}", base(), encode([("registry", id.as_str())]))
}

/// Pairs as the query of a URL, with its `?`; empty for none.
pub(crate) fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        escape(value, &mut text);
    }
    text
}

/// Percent-encodes what may not stand in a query's value. Commas, colons and asterisks stay readable.
fn escape(value: &str, text: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:*/!".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The pairs of a URL's query, without its `?`, decoded. What is no valid UTF-8 is replaced.
pub(crate) fn decode(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(name, value)| (unescape(name), unescape(value))).collect()
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match (bytes[i], hex(bytes.get(i + 1)), hex(bytes.get(i + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                i += 2;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded() {
        for value in ["late,up", "a b&c=d", "100%", "1.43.*", "订单 🚢", "a+b"] {
            let query = encode([("q", value)]);
            assert_eq!(decode(&query[1..]), [("q".to_owned(), value.to_owned())]);
        }
        assert_eq!(decode("a=1&&b&c=%zz+x"), [("a", "1"), ("b", ""), ("c", "%zz x")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn queries_stay_readable_and_lose_nothing() {
        for (value, text) in [("late,up", "?q=late,up"), ("a b&c", "?q=a%20b%26c"), ("1.43.*", "?q=1.43.*"), ("订", "?q=%E8%AE%A2")] {
            assert_eq!(encode([("q", value)]), text);
        }
        assert_eq!(encode([]), "");
        assert_eq!(encode([("a", "1"), ("b", "2")]), "?a=1&b=2");
    }
}
