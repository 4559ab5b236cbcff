//! The base URL of an endpoint.

use http::Uri;

/// A checked base URL: scheme, host, port and a path prefix without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BaseUrl {
    /// As it is shown and as requests begin.
    pub(super) text: String,
    pub(super) https: bool,
}

impl BaseUrl {
    /// Reads a base URL, or says what is wrong with it. The text may hold a password: it is not repeated.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.contains('@') {
            return Err("credentials do not belong into a URL: use the settings for user, password or token");
        }
        if text.contains(['?', '#']) {
            return Err("a base URL has no `?` and no `#`");
        }
        let uri: Uri = text.parse().map_err(|_| "not a URL: like http://10.0.0.1:8848/nacos")?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err("a URL begins with http:// or https://"),
        };
        if uri.host().is_none_or(str::is_empty) {
            return Err("the URL names no host");
        }
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let names_port = authority.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        if names_port && uri.port_u16().is_none_or(|port| port == 0) {
            return Err("a port is a number from 1 to 65535");
        }
        Ok(Self { text: text.trim_end_matches('/').to_owned(), https })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_checked() {
        for (text, shown) in [
            ("http://127.0.0.1:8848/nacos/", "http://127.0.0.1:8848/nacos"),
            (" https://[::1]:8501 ", "https://[::1]:8501"),
            ("http://nacos", "http://nacos"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().text, shown);
        }
        for bad in [
            "",
            "nacos:8848",
            "10.0.0.1:8848",
            "ftp://a",
            "http://u:p@a:1",
            "http://a/?x",
            "http://",
            "http://a b",
            "http://a:99999",
            "http://a:0",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
        assert!(!BaseUrl::parse("http://root:s3cret@a").unwrap_err().contains("s3cret"));
    }
}
