//! One registry, spoken to as its SDKs do.

use std::time::Duration;

use http::StatusCode;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::error::DemoError;
use crate::fleet::Registration;

/// A call that takes longer has failed.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Idle connections kept per registry: beats share them.
const IDLE_CONNECTIONS: usize = 16;
/// A registry that is not up after this long is given up.
const READY_WITHIN: Duration = Duration::from_secs(120);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// "Register again."
const UNKNOWN_INSTANCE: i64 = 20404;

/// What a beat met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beaten {
    Known,
    Unknown,
}

/// The registries, by their numbers.
#[derive(Clone, Debug)]
pub(crate) struct Registries {
    client: Client,
    bases: Vec<String>,
}

impl Registries {
    pub(crate) fn new(bases: &[String]) -> Result<Self, DemoError> {
        if bases.is_empty() {
            return Err(DemoError::NoRegistry);
        }
        for url in bases {
            let is_http = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !is_http {
                return Err(DemoError::BadUrl { url: url.clone() });
            }
        }
        // The client wants a provider of cryptography even for plain http; one that is installed already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            Client::builder().timeout(TIMEOUT).pool_max_idle_per_host(IDLE_CONNECTIONS).no_proxy().build().map_err(DemoError::Client)?;
        Ok(Self { client, bases: bases.iter().map(|base| base.trim_end_matches('/').to_owned()).collect() })
    }

    pub(crate) fn len(&self) -> usize {
        self.bases.len()
    }

    /// Returns when a registry answers, or when it did not for too long.
    pub(crate) async fn ready(&self, registry: usize, shutdown: &CancellationToken) -> Result<(), DemoError> {
        let (start, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            let last = match self.client.get(self.url(registry, "/v1/ns/operator/metrics")).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) => format!("it answers {}", answer.status()),
                Err(error) => error.without_url().to_string(),
            };
            if start.elapsed() > READY_WITHIN {
                let seconds = READY_WITHIN.as_secs();
                return Err(DemoError::Unreachable { registry: self.bases[registry].clone(), seconds, last });
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }

    pub(crate) async fn register(&self, registry: usize, registration: &Registration) -> reqwest::Result<()> {
        self.client.post(self.url(registry, "/v1/ns/instance")).form(registration).send().await?.error_for_status().map(drop)
    }

    pub(crate) async fn deregister(&self, registry: usize, registration: &Registration) -> reqwest::Result<()> {
        self.client.delete(self.url(registry, "/v1/ns/instance")).query(&named(registration)).send().await?.error_for_status().map(drop)
    }

    pub(crate) async fn beat(&self, registry: usize, registration: &Registration) -> reqwest::Result<Beaten> {
        #[derive(Deserialize)]
        struct Answer {
            code: i64,
        }
        let request = self.client.put(self.url(registry, "/v1/ns/instance/beat")).query(&named(registration));
        let Answer { code } = request.send().await?.error_for_status()?.json().await?;
        Ok(if code == UNKNOWN_INSTANCE { Beaten::Unknown } else { Beaten::Known })
    }

    /// Makes a namespace if it is not there. A server without a console module keeps instances in it all the same.
    pub(crate) async fn create_namespace(&self, registry: usize, id: &str, name: &str) -> reqwest::Result<()> {
        let form = [("customNamespaceId", id), ("namespaceName", name), ("namespaceDesc", "made by the demo fleet")];
        self.client.post(self.url(registry, "/v1/console/namespaces")).form(&form).send().await.map(drop)
    }

    pub(crate) async fn has_config(&self, registry: usize, config: &[(&str, &str)]) -> reqwest::Result<bool> {
        let answer = self.client.get(self.url(registry, "/v1/cs/configs")).query(config).send().await?;
        Ok(answer.status() != StatusCode::NOT_FOUND)
    }

    pub(crate) async fn publish(&self, registry: usize, form: &[(&str, &str)]) -> reqwest::Result<bool> {
        let answer: Value =
            self.client.post(self.url(registry, "/v1/cs/configs")).form(form).send().await?.error_for_status()?.json().await?;
        Ok(answer == true)
    }

    fn url(&self, registry: usize, path: &str) -> String {
        format!("{}{path}", self.bases[registry])
    }
}

fn named(registration: &Registration) -> [(&'static str, String); 4] {
    [
        ("namespaceId", registration.namespace_id.to_owned()),
        ("serviceName", registration.service_name.clone()),
        ("ip", registration.ip.clone()),
        ("port", registration.port.to_string()),
    ]
}
