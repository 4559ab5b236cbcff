//! Asking the servers: which plane they speak, with a token where they want one.

use parking_lot::Mutex;
use pilothouse_model::Login;
use serde_json::Value;

use super::login::{Credentials, Token, speaks_of_the_token};
use super::wire::{Envelope, State};
use super::{NacosConfig, Plane};
use crate::RegistryError;
use crate::transport::{Answer, Ask, Clock, Endpoints, EndpointsConfig, EndpointsError};

/// The connection to one cluster.
pub(super) struct Session {
    endpoints: Endpoints,
    credentials: Option<Credentials>,
    clock: Clock,
    configured: Option<Plane>,
    /// Of the last connect; it may change when the servers are upgraded under us.
    known: Mutex<Option<Server>>,
}

/// What was learned by asking.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) plane: Plane,
    pub(super) version: Option<String>,
    /// Whether it said that it is alone; `None` where it did not say.
    pub(super) standalone: Option<bool>,
}

impl Session {
    pub(super) fn new(config: &NacosConfig, clock: Clock) -> Result<Self, EndpointsError> {
        let mut endpoints = EndpointsConfig::new(config.urls.clone(), "Nacos");
        endpoints.tls = config.tls.clone();
        Ok(Self {
            endpoints: Endpoints::new(endpoints, clock.clone())?,
            credentials: config.login.clone().map(|(user, password)| Credentials::new(user, password)),
            clock,
            configured: config.plane,
            known: Mutex::new(None),
        })
    }

    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    pub(super) fn login(&self) -> Login {
        self.credentials.as_ref().map_or(Login::None, Credentials::report)
    }

    /// What is known without asking.
    pub(super) fn known(&self) -> Option<Server> {
        self.known.lock().clone()
    }

    /// What is known, asking when nothing is.
    pub(super) async fn server(&self) -> Result<Server, RegistryError> {
        match self.known() {
            Some(server) => Ok(server),
            None => self.connect().await,
        }
    }

    /// Finds out anew whom we talk to.
    pub(super) async fn connect(&self) -> Result<Server, RegistryError> {
        let server = match self.configured {
            Some(Plane::V1) => self.probe_v1().await?,
            Some(plane) => self.probe_v3(plane).await?.ok_or_else(|| self.not_nacos("it has no such plane"))?,
            None => self.detect().await?,
        };
        *self.known.lock() = Some(server.clone());
        Ok(server)
    }

    /// Asks with a token where there are credentials. A token that is refused is renewed once. Any status but 403 is an
    /// answer; a 403 that stays is returned as one too.
    pub(super) async fn ask(&self, ask: Ask) -> Result<Answer, RegistryError> {
        let Some(credentials) = &self.credentials else { return self.endpoints.ask(ask).await };
        let plane = self.server().await?.plane;
        let token = credentials.token(&self.endpoints, plane, &self.clock, None).await?;
        let answer = self.endpoints.ask(with(ask.clone(), &token)).await?;
        if !matches!(answer.status, 401 | 403) || !speaks_of_the_token(&answer.excerpt()) {
            return Ok(answer);
        }
        // Refused before anything was done, so a write may be sent again.
        let token = credentials.token(&self.endpoints, plane, &self.clock, Some(&token)).await?;
        self.endpoints.ask(with(ask, &token)).await
    }

    async fn detect(&self) -> Result<Server, RegistryError> {
        for plane in [Plane::V3Admin, Plane::V3Console] {
            if let Some(server) = self.probe_v3(plane).await? {
                return Ok(server);
            }
        }
        self.probe_v1().await
    }

    /// The state of a v3 plane is open to everybody; what has no such plane answers 404, in any words.
    async fn probe_v3(&self, plane: Plane) -> Result<Option<Server>, RegistryError> {
        let path = match plane {
            Plane::V3Console => "/v3/console/server/state",
            _ => "/v3/admin/core/state",
        };
        let answer = self.probe(path).await?;
        let state = match (plane, answer.status) {
            (Plane::V3Console, 200) => answer.json::<State>().ok(),
            (_, 200) => answer.json::<Envelope<State>>().ok().and_then(|envelope| envelope.data),
            _ => None,
        };
        // Whatever answers 200 to every path is not Nacos: its state names a version.
        Ok(state.filter(|state| state.version.is_some()).map(|state| server(plane, &state)))
    }

    /// A 2.x server without its console module knows no state; its naming module answers all the same.
    async fn probe_v1(&self) -> Result<Server, RegistryError> {
        let answer = self.probe("/v1/console/server/state").await?;
        if answer.status == 200
            && let Ok(state) = answer.json::<State>()
            && (state.startup_mode.is_some() || state.version.is_some() || state.pilothouse.is_some())
        {
            return Ok(server(Plane::V1, &state));
        }
        let answer = self.probe("/v1/ns/operator/metrics").await?;
        let is_status = answer.status == 200 && answer.json::<Value>().is_ok_and(|body| body.get("status").is_some());
        if is_status || answer.status == 403 {
            return Ok(Server { plane: Plane::V1, version: None, standalone: None });
        }
        let why = match answer.status {
            500.. => return Err(answer.ok().expect_err("500 and above is no success")),
            _ if answer.is_html() => "it answers with pages of HTML".into(),
            status => format!("no API of Nacos is there ({status})"),
        };
        Err(answer.not_this_registry(why))
    }

    async fn probe(&self, path: &str) -> Result<Answer, RegistryError> {
        self.endpoints.ask(Ask::get(path, "its state").any_text()).await
    }

    fn not_nacos(&self, why: &str) -> RegistryError {
        let endpoint = self.endpoints.statuses().first().map(|status| status.url.clone()).unwrap_or_default();
        RegistryError::NotThisRegistry { endpoint, expected: "Nacos", why: why.into() }
    }
}

fn server(plane: Plane, state: &State) -> Server {
    let own = state.pilothouse.as_ref().map(|version| format!("Pilothouse {}", version.as_str().unwrap_or_default()).trim_end().to_owned());
    Server {
        plane,
        version: own.or_else(|| state.version.as_ref().map(|version| format!("Nacos {version}"))),
        standalone: state.startup_mode.as_ref().map(|mode| mode == "standalone"),
    }
}

fn with(ask: Ask, token: &Token) -> Ask {
    ask.header("accessToken", &token.value)
}
