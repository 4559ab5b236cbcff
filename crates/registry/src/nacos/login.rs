//! User name and password against a token that runs out.

use std::time::Duration;

use parking_lot::Mutex;
use pilothouse_model::{Login, Millis};
use serde::Deserialize;
use tokio::time::Instant;

use super::Plane;
use crate::transport::{Ask, Clock, Endpoints};
use crate::{RegistryError, Secret};

/// The part of its life after which a token is renewed: 9/10.
const RENEW_AFTER: (u32, u32) = (9, 10);

/// One user of one cluster. At most one login is under way; whoever comes meanwhile waits for its token.
pub(super) struct Credentials {
    user: String,
    password: Secret,
    held: Mutex<Held>,
    under_way: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    token: Option<Token>,
    refused: Option<String>,
}

#[derive(Clone)]
pub(super) struct Token {
    /// Goes into a header, never into a URL.
    pub(super) value: String,
    renew_at: Instant,
    expires: Millis,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_token: String,
    /// Seconds.
    #[serde(default)]
    token_ttl: u64,
}

impl Credentials {
    pub(super) fn new(user: String, password: Secret) -> Self {
        Self { user, password, held: Mutex::default(), under_way: tokio::sync::Mutex::new(()) }
    }

    /// A token that is still good, from a login if need be. `refused` is one that a server just turned down.
    pub(super) async fn token(
        &self,
        endpoints: &Endpoints,
        plane: Plane,
        clock: &Clock,
        refused: Option<&Token>,
    ) -> Result<Token, RegistryError> {
        if let Some(token) = self.good(refused) {
            return Ok(token);
        }
        let _one = self.under_way.lock().await;
        if let Some(token) = self.good(refused) {
            return Ok(token);
        }
        let outcome = self.log_in(endpoints, plane, clock).await;
        let mut held = self.held.lock();
        match &outcome {
            Ok(token) => *held = Held { token: Some(token.clone()), refused: None },
            Err(RegistryError::Unauthorized { why: words, .. } | RegistryError::Rejected { body: words, .. }) => {
                *held = Held { token: None, refused: Some(words.clone()) };
            }
            Err(_) => {}
        }
        outcome
    }

    /// For the Registries page.
    pub(super) fn report(&self) -> Login {
        let held = self.held.lock();
        match (&held.refused, &held.token) {
            (Some(why), _) => Login::Refused { why: why.clone() },
            (None, token) => Login::Accepted { as_user: self.user.clone(), expires: token.as_ref().map(|token| token.expires) },
        }
    }

    fn good(&self, refused: Option<&Token>) -> Option<Token> {
        let token = self.held.lock().token.clone()?;
        let is_refused = refused.is_some_and(|refused| refused.value == token.value);
        (!is_refused && Instant::now() < token.renew_at).then_some(token)
    }

    async fn log_in(&self, endpoints: &Endpoints, plane: Plane, clock: &Clock) -> Result<Token, RegistryError> {
        let path = match plane {
            Plane::V1 => "/v1/auth/login",
            Plane::V3Admin | Plane::V3Console => "/v3/auth/user/login",
        };
        let form = [("username", self.user.as_str()), ("password", self.password.expose())];
        let answer = match endpoints.ask(Ask::post(path, "the login").changes_nothing().form(form)).await {
            // Some 2.x answer a wrong password with the status line "HTTP/1.1 0"; everything else they answered was HTTP.
            Err(RegistryError::NotThisRegistry { endpoint, .. }) => {
                return Err(RegistryError::Unauthorized { endpoint, why: "the login was refused without a word".into() });
            }
            other => other?,
        };
        match answer.status {
            // Also of a user the server does not know *yet*: it reloads its users every 15 s. 3.1 answers a wrong password so.
            500.. => return Err(answer.ok().expect_err("500 and above is no success")),
            401 | 403 => return Err(RegistryError::Unauthorized { why: answer.excerpt(), endpoint: answer.endpoint }),
            _ => {}
        }
        let answer = answer.ok()?;
        let granted: Granted = answer.json()?;
        let life = Duration::from_secs(granted.token_ttl.max(1));
        Ok(Token {
            value: granted.access_token,
            renew_at: Instant::now() + life * RENEW_AFTER.0 / RENEW_AFTER.1,
            expires: clock() + i64::try_from(life.as_millis()).unwrap_or(i64::MAX),
        })
    }
}

/// Whether a 403 may end with another token: the rest of them are about rights, which a login does not change.
pub(super) fn speaks_of_the_token(refusal: &str) -> bool {
    !refusal.contains("authorization failed")
}
