//! What a failed exchange means: for the error, for the breaker, for the next endpoint.

use std::error::Error;
use std::time::Duration;

use super::connector::ConnectError;
use super::{Answer, Ask, tls};
use crate::RegistryError;

/// How far an exchange came before it failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nothing was sent.
    Unsent(ConnectError),
    /// It may have arrived; no whole answer came back in time.
    Silent(Duration),
    /// It may have arrived; the connection broke before the answer was whole.
    Broken(String),
    /// The endpoint ended the TLS session: it does not accept our certificate, or that we have none.
    Dismissed(String),
    /// What came back is not HTTP.
    NotHttp,
    /// The answer is larger than the bound.
    TooLarge(usize),
}

impl Failure {
    pub(super) fn of_request(error: &hyper_util::client::legacy::Error) -> Self {
        let source = error.source();
        if let Some(connect) = source.and_then(|source| source.downcast_ref::<ConnectError>()) {
            return Self::Unsent(connect.clone());
        }
        if let Some(hyper) = source.and_then(|source| source.downcast_ref::<hyper::Error>()) {
            return Self::of_hyper(hyper);
        }
        if error.is_connect() { Self::Unsent(ConnectError::Tcp(innermost(error))) } else { Self::Broken(innermost(error)) }
    }

    pub(super) fn of_hyper(error: &hyper::Error) -> Self {
        if let Some(error) = error.source().and_then(tls::inside) {
            Self::Dismissed(tls::words(error))
        } else if error.is_parse() {
            Self::NotHttp
        } else if error.is_incomplete_message() {
            Self::Broken("the connection was closed before the answer was whole".into())
        } else {
            Self::Broken(innermost(error))
        }
    }

    /// Whether this speaks against the endpoint.
    pub(super) fn is_endpoint_bad(&self) -> bool {
        !matches!(self, Self::TooLarge(_))
    }

    /// Whether another endpoint may be asked the same.
    pub(super) fn allows_failover(&self, ask: &Ask) -> bool {
        match self {
            Self::Unsent(_) => true,
            Self::TooLarge(_) => false,
            Self::Silent(_) => !ask.write && ask.wait.is_none(),
            Self::Broken(_) | Self::Dismissed(_) | Self::NotHttp => !ask.write,
        }
    }

    pub(super) fn into_error(self, endpoint: &str, what: &str, expected: &'static str) -> RegistryError {
        let (endpoint, what) = (endpoint.to_owned(), what.to_owned());
        match self {
            Self::Unsent(ConnectError::Tls(why)) | Self::Dismissed(why) => RegistryError::Tls { endpoint, why },
            Self::Unsent(error) => RegistryError::Unreachable { endpoint, why: error.to_string() },
            Self::Silent(after) => {
                RegistryError::Timeout { endpoint, what, after_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX) }
            }
            Self::Broken(why) => RegistryError::Broken { endpoint, what, why },
            Self::NotHttp => RegistryError::NotThisRegistry { endpoint, expected, why: "it does not answer in HTTP".into() },
            Self::TooLarge(limit) => RegistryError::TooLarge { endpoint, what, limit },
        }
    }
}

/// What an answer says about the endpoint it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It answers; what it answers is the asker's business.
    Well,
    /// It is up, but cannot serve for the moment (an election): another one may.
    Elsewhere,
    /// It is down or is something else.
    Bad,
}

impl Verdict {
    pub(super) fn of(answer: &Answer, ask: &Ask) -> Self {
        match answer.status {
            502..=504 => Self::Bad,
            500 if speaks_of_leadership(&answer.body) => Self::Elsewhere,
            200..=299 if !ask.any_text && answer.is_html() => Self::Bad,
            _ => Self::Well,
        }
    }
}

/// "No cluster leader" (Consul), "Not Leader", "The Raft Group … did not find the Leader node" (Nacos), and the RPC errors
/// of a server that forwards to a leader which is just gone.
fn speaks_of_leadership(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(1_000)]).to_ascii_lowercase();
    ["leader", "rpc error", "raft"].iter().any(|word| text.contains(word))
}

/// The message of the last error in a chain: the operating system's own words.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_sent_may_be_written_elsewhere() {
        let failures = || [Failure::Silent(Duration::ZERO), Failure::Broken(String::new()), Failure::NotHttp, Failure::TooLarge(1)];
        for failure in failures() {
            assert!(!failure.allows_failover(&Ask::put("/", "x")), "{failure:?}");
        }
        assert!(Failure::Unsent(ConnectError::Slow(1)).allows_failover(&Ask::put("/", "x")));
        let read = failures().map(|failure| failure.allows_failover(&Ask::get("/", "x")));
        assert_eq!(read, [true, true, true, false]);
        let waiting = failures().map(|failure| failure.allows_failover(&Ask::get("/", "x").waiting(Duration::ZERO)));
        assert_eq!(waiting, [false, true, true, false]);
    }
}
