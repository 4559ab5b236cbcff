//! Asking Consul: token and datacenter on every request, its headers read, its refusals understood.

use std::time::Duration;

use pilothouse_model::AnswerStanding;
use serde::de::DeserializeOwned;

use super::cursor::Cursor;
use super::state::State;
use super::wire::{AgentSelf, HealthRow, Node, NodeServices, Services};
use crate::transport::{Answer, Ask, Endpoints, encode_segment};
use crate::{RegistryError, Secret};

/// What a server may take beyond the asked `wait`: a sixteenth of it as jitter, and a while to answer.
const SLACK: Duration = Duration::from_secs(2);

pub(super) struct Client {
    pub(super) endpoints: Endpoints,
    pub(super) state: State,
    token: Option<Secret>,
}

/// A list, and what its headers say.
pub(super) struct Listed<T> {
    pub(super) rows: T,
    pub(super) index: Option<u64>,
    pub(super) bytes: usize,
    /// The rights of these credentials may hide rows.
    pub(super) filtered: bool,
}

impl Client {
    pub(super) fn new(endpoints: Endpoints, token: Option<Secret>) -> Self {
        Self { endpoints, state: State::new(token.is_some()), token }
    }

    /// Asks, and turns every refusal into an error; a 404 is an answer where `missing_is_fine`.
    pub(super) async fn ask(&self, ask: Ask, missing_is_fine: bool) -> Result<Answer, RegistryError> {
        let answer = self.send(ask, missing_is_fine).await?;
        self.state.served(self.token.is_some());
        Ok(answer)
    }

    async fn send(&self, ask: Ask, missing_is_fine: bool) -> Result<Answer, RegistryError> {
        let ask = match &self.token {
            Some(token) => ask.header("X-Consul-Token", token.expose()),
            None => ask,
        };
        let answer = self.endpoints.ask(ask).await?;
        if matches!(answer.status, 401 | 403) {
            let why = answer.excerpt();
            if answer.status == 401 || why.contains("ACL not found") {
                self.state.refused(why.clone());
                return Err(RegistryError::Unauthorized { endpoint: answer.endpoint, why });
            }
        }
        if missing_is_fine && answer.status == 404 && !answer.is_html() {
            return Ok(answer);
        }
        answer.ok()
    }

    /// The name of the datacenter the endpoints stand in. Needs no rights, so an answer says nothing of the token.
    pub(super) async fn own_datacenter(&self) -> Result<String, RegistryError> {
        let answer = self.send(Ask::get("/v1/catalog/datacenters", "the datacenters"), false).await?;
        let nearest_first: Vec<String> = answer.json()?;
        nearest_first.into_iter().next().ok_or_else(|| answer.not_this_registry("it names no datacenter"))
    }

    pub(super) async fn services(&self, dc: &str, cursor: Cursor, wait: Duration) -> Result<Listed<Services>, RegistryError> {
        let what = format!("the services of {dc}");
        let listed: Listed<Services> = self.list(blocking(Ask::get("/v1/catalog/services", &what), dc, cursor, wait), &what).await?;
        // Even an empty datacenter lists the service `consul`.
        self.state.read(&what, listed.rows.is_empty());
        Ok(listed)
    }

    pub(super) async fn critical(
        &self,
        dc: &str,
        cursor: Cursor,
        wait: Duration,
    ) -> Result<Listed<Vec<super::wire::Check>>, RegistryError> {
        let what = format!("the critical checks of {dc}");
        self.list(blocking(Ask::get("/v1/health/state/critical", &what), dc, cursor, wait), &what).await
    }

    pub(super) async fn nodes(&self, dc: &str) -> Result<Listed<Vec<Node>>, RegistryError> {
        let what = format!("the nodes of {dc}");
        let listed: Listed<Vec<Node>> = self.list(Ask::get("/v1/catalog/nodes", &what).query("dc", dc), &what).await?;
        self.state.read(&what, listed.rows.is_empty());
        Ok(listed)
    }

    pub(super) async fn node_services(&self, dc: &str, node: &str) -> Result<Option<NodeServices>, RegistryError> {
        let path = format!("/v1/catalog/node-services/{}", encode_segment(node));
        self.ask(Ask::get(path, format!("the services of node {node}")).query("dc", dc), false).await?.json()
    }

    pub(super) async fn health(&self, dc: &str, service: &str) -> Result<Vec<HealthRow>, RegistryError> {
        let path = format!("/v1/health/service/{}", encode_segment(service));
        self.ask(Ask::get(path, format!("the service {service}")).query("dc", dc), false).await?.json()
    }

    /// The node on which the agent behind an endpoint runs.
    pub(super) async fn agent_node(&self, endpoint: usize) -> Result<String, RegistryError> {
        let agent: AgentSelf = self.ask(Ask::get("/v1/agent/self", "the agent itself").pinned(endpoint), false).await?.json()?;
        Ok(agent.config.node_name)
    }

    async fn list<T: DeserializeOwned>(&self, ask: Ask, what: &str) -> Result<Listed<T>, RegistryError> {
        let answer = self.ask(ask, false).await.inspect_err(|error| {
            if matches!(error, RegistryError::Forbidden { .. }) {
                self.state.forbidden(what);
            }
        })?;
        self.state.stands(AnswerStanding {
            consistency: answer.header("x-consul-effective-consistency").map(str::to_owned),
            known_leader: answer.header("x-consul-knownleader").map(|known| known == "true"),
            last_contact_ms: answer.header("x-consul-lastcontact").and_then(|ms| ms.parse().ok()),
        });
        Ok(Listed {
            rows: answer.json()?,
            index: answer.header("x-consul-index").and_then(|index| index.parse().ok()),
            bytes: answer.body.len(),
            filtered: answer.header("x-consul-results-filtered-by-acls") == Some("true"),
        })
    }
}

fn blocking(ask: Ask, dc: &str, cursor: Cursor, wait: Duration) -> Ask {
    let ask = ask.query("dc", dc);
    match cursor.ask() {
        None => ask,
        Some(index) => {
            ask.query("index", index.to_string()).query("wait", format!("{}ms", wait.as_millis())).waiting(wait + wait / 16 + SLACK)
        }
    }
}
