//! Several endpoints of one registry, asked as one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use parking_lot::Mutex;
use pilothouse_model::{EndpointStatus, Millis};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::connector::Connector;
use super::endpoint::Endpoint;
use super::failure::{Failure, Verdict};
use super::rate::Rate;
use super::url::BaseUrl;
use super::{Answer, Ask, TlsConfig, TlsConfigError};
use crate::RegistryError;

/// The wall clock, for what people read. Intervals are measured with tokio's clock.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// Idle connections are closed before the servers close them (Tomcat after 20 s), so that hardly a request meets a closing one.
const IDLE: Duration = Duration::from_secs(15);

/// Where a registry is and how patiently it is asked.
#[derive(Clone, Debug)]
pub struct EndpointsConfig {
    /// Base URLs with the path prefix, in order of preference; without credentials.
    pub urls: Vec<String>,
    /// Trust and identity for `https`.
    pub tls: TlsConfig,
    /// Bound for resolving, connecting and the handshake together.
    pub connect_timeout: Duration,
    /// Bound for one exchange, from connecting to the last byte.
    pub request_timeout: Duration,
    /// The largest answer that is read, in bytes.
    pub max_body: usize,
    /// Connections held at once, idle ones included; at least 2 for each endpoint.
    pub max_connections: usize,
    /// The product these endpoints are taken for ("Nacos"), for errors.
    pub expected: &'static str,
}

impl EndpointsConfig {
    /// Three seconds to connect, ten for an answer, 32 MiB, 16 connections, the system's authorities.
    #[must_use]
    pub fn new(urls: Vec<String>, expected: &'static str) -> Self {
        Self {
            urls,
            tls: TlsConfig::default(),
            connect_timeout: Duration::from_secs(3),
            request_timeout: Duration::from_secs(10),
            max_body: 32 << 20,
            max_connections: 16,
            expected,
        }
    }
}

/// Why an [`EndpointsConfig`] cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointsError {
    /// No URL at all.
    #[error("urls: at least one is needed")]
    NoUrl,
    /// A URL is wrong. It is named by its place, for it may hold a password.
    #[error("urls[{index}]: {why}")]
    Url {
        /// Its place, from 0.
        index: usize,
        /// What is allowed.
        why: &'static str,
    },
    /// The TLS settings are wrong.
    #[error(transparent)]
    Tls(#[from] TlsConfigError),
}

/// The endpoints of one registry. Reads go to the one that answered last and fail over; a write is sent once.
pub struct Endpoints {
    endpoints: Vec<Endpoint>,
    preferred: AtomicUsize,
    /// Keeps connections: for reads.
    pooled: HttpClient,
    /// A new connection each time: a write can then be told "never sent" from "perhaps done".
    fresh: HttpClient,
    /// Exchanges that may be under way at once: the connections less the idle ones.
    turns: Semaphore,
    places: Arc<Semaphore>,
    max_places: usize,
    rate: Mutex<Rate>,
    origin: Instant,
    clock: Clock,
    limits: Limits,
}

/// How asking one endpoint went.
enum Attempt {
    /// Its breaker is open.
    NotAdmitted,
    /// No other endpoint is to be asked.
    Settled(Result<Answer, RegistryError>),
    /// Another endpoint may do better; this is what stands if none does.
    GoOn(Result<Answer, RegistryError>),
}

type HttpClient = Client<Connector, Full<bytes::Bytes>>;

struct Limits {
    request_timeout: Duration,
    max_body: usize,
    expected: &'static str,
}

impl Endpoints {
    /// Checks the settings and reads the TLS files (once, here). Connects to nothing yet.
    ///
    /// # Errors
    /// [`EndpointsError`] names the setting and what is allowed.
    pub fn new(config: EndpointsConfig, clock: Clock) -> Result<Self, EndpointsError> {
        let EndpointsConfig { urls, tls, connect_timeout, request_timeout, max_body, max_connections, expected } = config;
        let parse = |(index, url): (usize, String)| BaseUrl::parse(&url).map_err(|why| EndpointsError::Url { index, why });
        let urls = urls.into_iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?;
        if urls.is_empty() {
            return Err(EndpointsError::NoUrl);
        }
        let tls = if urls.iter().any(|url| url.https) { Some(tls.load()?) } else { None };
        let max_places = max_connections.max(2 * urls.len());
        let idle = (max_places / 4 / urls.len()).max(1);
        let places = Arc::new(Semaphore::new(max_places));
        let connector = Connector::new(tls, connect_timeout, Arc::clone(&places));
        let client = |idle| {
            Client::builder(TokioExecutor::new())
                .pool_max_idle_per_host(idle)
                .pool_idle_timeout(IDLE)
                .pool_timer(TokioTimer::new())
                .retry_canceled_requests(false)
                .build(connector.clone())
        };
        Ok(Self {
            preferred: AtomicUsize::new(0),
            pooled: client(idle),
            fresh: client(0),
            turns: Semaphore::new(max_places - idle * urls.len()),
            endpoints: urls.into_iter().map(Endpoint::new).collect(),
            places,
            max_places,
            rate: Mutex::default(),
            origin: Instant::now(),
            clock,
            limits: Limits { request_timeout, max_body, expected },
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.endpoints.len()
    }

    /// Never: at least one is configured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.endpoints.is_empty()
    }

    /// Asks, failing over where that cannot do the same thing twice. An answer of any status is an answer: see [`Answer::ok`].
    ///
    /// # Errors
    /// The last endpoint's failure, when none answered; `NoEndpoint` when every breaker is open.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, RegistryError> {
        let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
        let mut outcome: Option<Result<Answer, RegistryError>> = None;
        for index in self.order(ask.pinned) {
            match self.attempt(index, &ask).await {
                Attempt::NotAdmitted => {}
                Attempt::Settled(settled) => return settled,
                // An answer, even a refusal, says more than a silence.
                Attempt::GoOn(last) => outcome = outcome.filter(|earlier| earlier.is_ok() && last.is_err()).or(Some(last)),
            }
        }
        outcome.unwrap_or_else(|| Err(self.none_admitted(ask.pinned)))
    }

    async fn attempt(&self, index: usize, ask: &Ask) -> Attempt {
        let origin = self.origin;
        let Some(trial) = self.endpoints[index].admit(move || origin.elapsed()) else { return Attempt::NotAdmitted };
        let started = Instant::now();
        let answer = match self.exchange(index, ask).await {
            Ok(answer) => answer,
            Err(failure) => {
                match failure.is_endpoint_bad() {
                    true => trial.failed(),
                    false => trial.succeeded(None),
                }
                let go_on = failure.allows_failover(ask);
                let error = failure.into_error(&self.endpoints[index].url.text, &ask.what, self.limits.expected);
                self.blame(index, error.to_string());
                return if go_on { Attempt::GoOn(Err(error)) } else { Attempt::Settled(Err(error)) };
            }
        };
        match Verdict::of(&answer, ask) {
            Verdict::Well => {
                trial.succeeded(ask.wait.is_none().then(|| started.elapsed()));
                if ask.pinned.is_none() {
                    self.preferred.store(index, Ordering::Relaxed);
                }
                return Attempt::Settled(Ok(answer));
            }
            Verdict::Elsewhere => trial.succeeded(None),
            Verdict::Bad => trial.failed(),
        }
        let said = if answer.is_html() { "a page of HTML".into() } else { answer.excerpt() };
        self.blame(index, format!("it answered {} to {}: {said}", answer.status, ask.what));
        let unusable = (200..300).contains(&answer.status);
        let last = if unusable { Err(answer.not_this_registry("it answered with a page of HTML")) } else { Ok(answer) };
        if ask.write { Attempt::Settled(last) } else { Attempt::GoOn(last) }
    }

    /// Every endpoint as it is now, in configured order.
    #[must_use]
    pub fn statuses(&self) -> Vec<EndpointStatus> {
        let (now, elapsed) = ((self.clock)(), self.origin.elapsed());
        let moment = |at: Duration| now + i64::try_from(at.saturating_sub(elapsed).as_millis()).unwrap_or(i64::MAX);
        self.endpoints.iter().map(|endpoint| endpoint.status(moment)).collect()
    }

    /// Requests sent in the last 60 s.
    #[must_use]
    pub fn requests_per_minute(&self) -> u32 {
        self.rate.lock().per_minute(self.origin.elapsed())
    }

    /// TCP connections held now, idle ones and those being made included.
    #[must_use]
    pub fn connections(&self) -> u32 {
        u32::try_from(self.max_places - self.places.available_permits()).unwrap_or(u32::MAX)
    }

    /// The preferred endpoint and then the others, each once; or the pinned one alone.
    fn order(&self, pinned: Option<usize>) -> impl Iterator<Item = usize> + use<> {
        let all = self.endpoints.len();
        let (first, count) = match pinned {
            Some(index) => (index, usize::from(index < all)),
            None => (self.preferred.load(Ordering::Relaxed), all),
        };
        (0..count).map(move |step| (first + step) % all)
    }

    /// Remembers what an endpoint did, and lets the next request begin with its neighbour.
    fn blame(&self, index: usize, why: String) {
        self.endpoints[index].note((self.clock)(), why);
        let next = (index + 1) % self.endpoints.len();
        let _ = self.preferred.compare_exchange(index, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn none_admitted(&self, pinned: Option<usize>) -> RegistryError {
        let again = self.endpoints.iter().filter_map(Endpoint::opens_again_at).min();
        let soon = again.map_or(0, |at| at.saturating_sub(self.origin.elapsed()).as_millis());
        RegistryError::NoEndpoint(match pinned {
            Some(index) if index >= self.endpoints.len() => format!("there is no endpoint {index}"),
            _ => format!("after failures in a row the next try is due in {soon} ms"),
        })
    }

    async fn exchange(&self, index: usize, ask: &Ask) -> Result<Answer, Failure> {
        self.rate.lock().count(self.origin.elapsed());
        let limit = ask.wait.unwrap_or(self.limits.request_timeout);
        let client = if ask.write { &self.fresh } else { &self.pooled };
        let exchange = super::exchange::run(client, &self.endpoints[index].url.text, ask, self.limits.max_body);
        let (head, body) = tokio::time::timeout(limit, exchange).await.map_err(|_| Failure::Silent(limit))??;
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
            endpoint: self.endpoints[index].url.text.clone(),
            index,
            what: ask.what.clone(),
            expected: self.limits.expected,
        })
    }
}
