//! One request, before any endpoint was chosen for it.

use std::fmt::{self, Debug, Formatter, Write};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a name so that it is one segment of a path, whatever characters it holds.
#[must_use]
pub fn encode_segment(name: &str) -> String {
    utf8_percent_encode(name, RESERVED).to_string()
}

/// One request. Its `Debug` shows neither query, headers nor body: tokens and passwords travel there.
#[derive(Clone)]
pub struct Ask {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<(String, Bytes)>,
    pub(super) what: String,
    pub(super) wait: Option<Duration>,
    pub(super) write: bool,
    pub(super) pinned: Option<usize>,
    pub(super) any_text: bool,
}

impl Ask {
    /// A request of `method` for `path`, which begins with `/` and is percent-encoded already; `what` names it in errors
    /// ("the services of namespace prod"). Every method but GET counts as a write.
    pub fn new(method: Method, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            write: method != Method::GET,
            method,
            path: path.into(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            what: what.into(),
            wait: None,
            pinned: None,
            any_text: false,
        }
    }

    /// A read.
    pub fn get(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Method::GET, path, what)
    }

    /// A write with POST.
    pub fn post(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Method::POST, path, what)
    }

    /// A write with PUT.
    pub fn put(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Method::PUT, path, what)
    }

    /// A write with DELETE.
    pub fn delete(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, what)
    }

    /// Marks a request that changes nothing although it is no GET (a login, a long poll): it may fail over.
    #[must_use]
    pub fn changes_nothing(mut self) -> Self {
        self.write = false;
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends URL-encoded fields as the body.
    #[must_use]
    pub fn form<N: AsRef<str>, V: AsRef<str>>(self, fields: impl IntoIterator<Item = (N, V)>) -> Self {
        self.body("application/x-www-form-urlencoded", encode_pairs(fields))
    }

    /// Sends a body.
    #[must_use]
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some((content_type.into(), body.into()));
        self
    }

    /// Marks a long poll or blocking query that may take `limit`: it is not measured, and when it times out no other
    /// endpoint is asked, for the asker knows what silence means.
    #[must_use]
    pub fn waiting(mut self, limit: Duration) -> Self {
        self.wait = Some(limit);
        self
    }

    /// Asks this endpoint alone (its place in the configured order).
    #[must_use]
    pub fn pinned(mut self, endpoint: usize) -> Self {
        self.pinned = Some(endpoint);
        self
    }

    /// Takes any text as a good answer. Without this, a page of HTML says that the endpoint is not the registry.
    #[must_use]
    pub fn any_text(mut self) -> Self {
        self.any_text = true;
        self
    }

    pub(super) fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let mut target = self.path.clone();
        target.push(if self.path.contains('?') { '&' } else { '?' });
        target.push_str(&encode_pairs(self.query.iter().map(|(name, value)| (name, value))));
        target
    }
}

impl Debug for Ask {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("method", &self.method).field("path", &self.path).field("what", &self.what).finish_non_exhaustive()
    }
}

fn encode_pairs<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        let (name, value) = (utf8_percent_encode(name.as_ref(), RESERVED), utf8_percent_encode(value.as_ref(), RESERVED));
        write!(out, "{name}={value}").expect("writing to a String never fails");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_encoded() {
        let ask = Ask::get("/v1/ns", "x").query("serviceName", "G@@a b/%").query("命名", "é");
        assert_eq!(ask.target(), "/v1/ns?serviceName=G%40%40a%20b%2F%25&%E5%91%BD%E5%90%8D=%C3%A9");
        assert_eq!(Ask::get("/v1/kv/a?raw", "x").query("dc", "1").target(), "/v1/kv/a?raw&dc=1");
        assert_eq!(encode_segment("a/b c%"), "a%2Fb%20c%25");
    }

    #[test]
    fn debug_shows_no_secret() {
        let ask = Ask::post("/login", "the login")
            .query("accessToken", "s3cret")
            .header("X-Consul-Token", "s3cret")
            .form([("password", "s3cret")]);
        assert!(!format!("{ask:?}").contains("s3cret"));
    }

    #[test]
    fn only_get_is_a_read_by_itself() {
        assert!(!Ask::get("/", "x").write);
        assert!(Ask::delete("/", "x").write);
        assert!(!Ask::post("/", "x").changes_nothing().write);
    }
}
