//! Which instances send beats over HTTP and which hold a connection: the list of clients tells, the instance lists don't.

use std::collections::HashSet;

use pilothouse_model::{BeatVia, Instance};
use serde_json::Value;

use super::Plane;
use super::session::{Server, Session};
use super::wire::Envelope;
use crate::RegistryError;
use crate::transport::Ask;

/// What the ids of clients say. The id of a client that speaks HTTP is `ip:port#true`; that of a connection is none.
#[derive(Debug, Default)]
pub(super) struct Clients {
    /// Addresses with a client over HTTP, as of the last list; `None` where no list can be read.
    listed: Option<HashSet<String>>,
    /// Ephemeral instances that were known when a list without them was read.
    connected: HashSet<String>,
}

impl Clients {
    /// Asks for the list. `None`: this plane or version has none, or not for these credentials.
    pub(super) async fn read(session: &Session, server: &Server) -> Result<Option<HashSet<String>>, RegistryError> {
        let path = match server.plane {
            Plane::V1 => "/v2/ns/client/list",
            Plane::V3Admin => "/v3/admin/ns/client/list",
            Plane::V3Console => return Ok(None),
        };
        let answer = session.ask(Ask::get(path, "the list of clients")).await?;
        if answer.status != 200 {
            return Ok(None);
        }
        let Ok(envelope) = answer.json::<Envelope<Vec<Value>>>() else { return Ok(None) };
        let ids = envelope.data.unwrap_or_default();
        Ok(Some(ids.iter().filter_map(|id| id.as_str()?.strip_suffix("#true")).map(str::to_owned).collect()))
    }

    pub(super) fn replace(&mut self, listed: Option<HashSet<String>>) {
        self.connected.clear();
        self.listed = listed;
    }

    /// Settles those that the list does not name.
    pub(super) fn settle<'a>(&mut self, instances: impl Iterator<Item = &'a Instance>) {
        let Some(listed) = &self.listed else { return };
        let ephemeral = instances.filter(|instance| instance.ephemeral == Some(true)).map(|instance| &*instance.key.instance.0);
        self.connected = ephemeral.filter(|address| !listed.contains(*address)).map(str::to_owned).collect();
    }

    /// How the ephemeral instance at `ip:port` proves alive.
    pub(super) fn via(&self, address: &str) -> BeatVia {
        match &self.listed {
            Some(listed) if listed.contains(address) => BeatVia::Http,
            Some(_) if self.connected.contains(address) => BeatVia::Grpc,
            _ => BeatVia::Client,
        }
    }
}
