//! A request as Nacos' servlets see it: parameters from the query and from a form, the first of a name wins, a
//! parameter with a broken escape is not there.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, FromRequest, OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode, Uri};
use percent_encoding::percent_decode;

use super::App;

/// The largest request body: a content of 10 MiB, every byte of it percent-encoded, and some parameters.
const MAX_BODY: usize = 32 * 1024 * 1024;
/// Bodies above this are read a few at a time.
const LARGE_BODY: usize = 256 * 1024;

/// A read request.
#[derive(Debug)]
pub(super) struct Call {
    params: Vec<(String, String)>,
    headers: HeaderMap,
    /// The client's address, as a proxy in front tells it or as the connection does.
    pub(super) client_ip: String,
    /// The path with its `/nacos` prefix.
    pub(super) path: String,
}

impl Call {
    /// The parameter as sent, if it was.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The parameter without surrounding blanks, if there is anything in it.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The parameter without surrounding blanks, empty when it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.filled(name).unwrap_or_default()
    }

    /// The header, if it was sent and is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A flag as Nacos reads it: `true`, `t`, `yes`, `y`, `on` and `1` in any case are true, other text is false.
    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        self.filled(name).map_or(default, |text| ["true", "t", "yes", "y", "on", "1"].iter().any(|word| text.eq_ignore_ascii_case(word)))
    }
}

impl FromRequest<App> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let path = Uri::path(uri).to_owned();
        let mut params = Vec::new();
        read_pairs(uri.query().unwrap_or_default().as_bytes(), &mut params);
        let header = |name| parts.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
        if header(CONTENT_TYPE).is_some_and(|kind| kind.trim_start().starts_with("application/x-www-form-urlencoded")) {
            let length = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
            let _permit = match length {
                Some(length) if length <= LARGE_BODY => None,
                // The semaphore is never closed.
                _ => app.core.large_bodies.acquire().await.ok(),
            };
            let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
                let text = format!("caused: the request body could not be read, or is over {MAX_BODY} bytes;");
                return Err((StatusCode::PAYLOAD_TOO_LARGE, text).into_response());
            };
            read_pairs(&bytes, &mut params);
        }
        let forwarded = header_text(&parts.headers, "x-forwarded-for").and_then(|list| list.split(',').next());
        let client_ip = forwarded.or_else(|| header_text(&parts.headers, "x-real-ip")).map(|ip| ip.trim().to_owned());
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        let client_ip = client_ip.unwrap_or_else(|| peer.to_canonical().to_string());
        Ok(Self { params, headers: parts.headers, client_ip, path })
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.trim().is_empty())
}

fn read_pairs(text: &[u8], params: &mut Vec<(String, String)>) {
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let split = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = split.map_or((pair, &pair[..0]), |at| (&pair[..at], &pair[at + 1..]));
        if let (Some(name), Some(value)) = (unescaped(name), unescaped(value)) {
            params.push((name, value));
        }
    }
}

/// The text behind a form encoding; `None` for a broken escape.
fn unescaped(bytes: &[u8]) -> Option<String> {
    let is_broken = bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| *byte == b'%' && !bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)));
    if is_broken {
        return None;
    }
    let spaced: Cow<'_, [u8]> = if bytes.contains(&b'+') {
        bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<_>>().into()
    } else {
        bytes.into()
    };
    Some(percent_decode(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_query() {
        for (text, expected) in [
            ("a=1&b=2", vec![("a", "1"), ("b", "2")]),
            ("a=x%20y+z", vec![("a", "x y z")]),
            ("a=%E4%B8", vec![("a", "\u{fffd}")]),
            ("a=%zz&b=1", vec![("b", "1")]),
            ("a=%2", vec![]),
            ("a&b=", vec![("a", ""), ("b", "")]),
            ("a=b;c", vec![("a", "b;c")]),
            ("&&", vec![]),
        ] {
            let mut params = Vec::new();
            read_pairs(text.as_bytes(), &mut params);
            let read: Vec<_> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(read, expected, "{text}");
        }
    }
}
