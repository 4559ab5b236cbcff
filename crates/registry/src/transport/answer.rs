//! What an endpoint answered, whole and bounded.

use std::fmt::{self, Debug, Formatter};

use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;

use crate::RegistryError;

/// How much of a refusal is repeated in an error, in characters.
const EXCERPT: usize = 300;

/// An answer of any status, read to its end. Its `Debug` does not show the body.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Base URL of the endpoint that answered.
    pub endpoint: String,
    /// That endpoint's place in the configured order.
    pub index: usize,
    pub(super) what: String,
    pub(super) expected: &'static str,
}

impl Answer {
    /// The value of a header, where it is there and text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text; what is not UTF-8 becomes `U+FFFD`.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first 300 characters of the body.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(EXCERPT * 4)]);
        text.trim().chars().take(EXCERPT).collect()
    }

    /// Whether the body is a page for people.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let start = self.body.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
        let head = self.body[start..].iter().take(15).map(u8::to_ascii_lowercase).collect::<Vec<_>>();
        head.starts_with(b"<!doctype html")
            || head.starts_with(b"<html")
            || self.header("content-type").is_some_and(|t| t.starts_with("text/html") && head.starts_with(b"<"))
    }

    /// The answer itself when its status is a success.
    ///
    /// # Errors
    /// `Unauthorized` for 401, `Forbidden` for 403, `NotThisRegistry` for a redirect, a page of HTML, or a port that wants
    /// TLS, and `Rejected` for the rest.
    pub fn ok(self) -> Result<Self, RegistryError> {
        match self.status {
            200..=299 => Ok(self),
            300..=399 => {
                let why = format!("it redirects ({}) to {}", self.status, self.header("location").unwrap_or("nowhere"));
                Err(self.not_this_registry(why))
            }
            401 => Err(RegistryError::Unauthorized { why: self.excerpt(), endpoint: self.endpoint }),
            403 => Err(RegistryError::Forbidden { what: self.what }),
            400 if speaks_tls_only(&self.body) => Err(self.not_this_registry("this port wants TLS: the URL has to begin with https://")),
            status if self.is_html() => Err(self.not_this_registry(format!("it answered {status} with a page of HTML"))),
            status => Err(RegistryError::Rejected { body: self.excerpt(), endpoint: self.endpoint, what: self.what, status }),
        }
    }

    /// Reads the body as JSON, whatever the status.
    ///
    /// # Errors
    /// `NotThisRegistry` for HTML, for what is no JSON, and for JSON of another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, RegistryError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let why = match error.classify() {
                _ if self.is_html() => "it answered with a page of HTML".into(),
                serde_json::error::Category::Data => format!("JSON of another shape: {} ", without_quoted(&error.to_string())),
                serde_json::error::Category::Eof => format!("the JSON ends early, at line {line} column {column}"),
                _ => format!("no JSON: line {line} column {column}"),
            };
            self.not_this_registry(why.trim_end())
        })
    }

    /// An error that says this answer is not what this registry answers.
    pub fn not_this_registry(&self, why: impl Into<String>) -> RegistryError {
        RegistryError::NotThisRegistry { endpoint: self.endpoint.clone(), expected: self.expected, why: why.into() }
    }
}

impl Debug for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { status, endpoint, what, .. } = self;
        f.debug_struct("Answer")
            .field("status", status)
            .field("endpoint", endpoint)
            .field("what", what)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What Go and Tomcat say to plain HTTP on their TLS ports.
fn speaks_tls_only(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(EXCERPT)]);
    text.contains("HTTPS server") || text.contains("requires TLS")
}

/// Values stand in double quotes in serde's messages: they may be secrets.
fn without_quoted(message: &str) -> String {
    message.split('"').enumerate().map(|(i, part)| if i % 2 == 0 { part } else { "…" }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str) -> Answer {
        let body = Bytes::from_static(body.as_bytes());
        Answer {
            status,
            headers: HeaderMap::new(),
            body,
            endpoint: "http://a:1".into(),
            index: 0,
            what: "the services".into(),
            expected: "Nacos",
        }
    }

    #[test]
    fn statuses_become_errors() {
        let cases = [
            (401, "no", "http://a:1 refuses the credentials: no"),
            (403, "no", "the credentials may not read or write the services"),
            (500, "caused: x", "http://a:1 answered 500 to the services: caused: x"),
            (404, "<html>", "http://a:1 does not answer like Nacos: it answered 404 with a page of HTML"),
            (302, "", "http://a:1 does not answer like Nacos: it redirects (302) to nowhere"),
            (
                400,
                "Client sent an HTTP request to an HTTPS server.\n",
                "http://a:1 does not answer like Nacos: this port wants TLS: the URL has to begin with https://",
            ),
        ];
        for (status, body, words) in cases {
            assert_eq!(answer(status, body).ok().unwrap_err().to_string(), words);
        }
        assert_eq!(answer(204, "").ok().unwrap().status, 204);
    }

    #[test]
    fn json_is_judged_without_repeating_it() {
        let cases = [
            ("\n <!DOCTYPE html><p>", "it answered with a page of HTML"),
            ("[1,", "the JSON ends early, at line 1 column 3"),
            ("ok", "no JSON: line 1 column 1"),
            ("[\"s3cret\"]", "JSON of another shape: invalid type: string …, expected u32 at line 1 column 9"),
        ];
        for (body, words) in cases {
            let error = answer(200, body).json::<Vec<u32>>().unwrap_err();
            assert_eq!(error.to_string(), format!("http://a:1 does not answer like Nacos: {words}"));
        }
        assert_eq!(answer(200, "[1]").json::<Vec<u32>>().unwrap(), [1]);
    }

    #[test]
    fn excerpts_are_bounded_and_whole_characters() {
        let long: &'static str = "é".repeat(2_000).leak();
        assert_eq!(answer(500, long).excerpt().chars().count(), EXCERPT);
    }
}
