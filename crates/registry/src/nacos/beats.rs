//! When instances last beat.
//!
//! The embedded registry tells it in its lists. Nacos tells it of each client: every beat over HTTP moves the client's
//! `lastUpdatedTime`, on the server responsible for it. The others move it too, when they verify their copy, so a cluster
//! is asked which server that is. Connections send no beats.

use std::time::Duration;

use parking_lot::Mutex;
use pilothouse_model::{BeatReading, BeatVia, Instance, Millis};
use serde::Deserialize;
use tokio::time::Instant;

use super::Plane;
use super::session::{Server, Session};
use super::wire::{ClientDetail, Envelope};
use crate::RegistryError;
use crate::transport::Ask;

/// Clients asked about in one second, over all services on screen.
const PER_SECOND: f64 = 10.0;
/// The most that is saved up.
const SAVED: f64 = 40.0;

/// How many clients may be asked about now.
#[derive(Debug)]
pub(super) struct Budget(Mutex<(f64, Instant)>);

impl Default for Budget {
    fn default() -> Self {
        Self(Mutex::new((SAVED, Instant::now())))
    }
}

impl Budget {
    fn take(&self, now: Instant) -> bool {
        let (left, since) = &mut *self.0.lock();
        let earned = now.saturating_duration_since(*since).min(Duration::from_secs(60)).as_secs_f64() * PER_SECOND;
        *left = (*left + earned).min(SAVED);
        *since = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

/// Beats that stand in the list itself.
pub(super) fn listed(instances: &[Instance]) -> Vec<BeatReading> {
    instances.iter().filter_map(|instance| reading(instance, instance.heartbeat.last?)).collect()
}

/// Asks about clients within the budget. Unhealthy instances come first: their countdown runs.
pub(super) async fn ask(
    session: &Session,
    server: &Server,
    budget: &Budget,
    instances: &[Instance],
) -> Result<Vec<BeatReading>, RegistryError> {
    let mut beating: Vec<_> = instances.iter().filter(|instance| instance.heartbeat.via == BeatVia::Http).collect();
    beating.sort_by_key(|instance| instance.health.healthy() == Some(true));
    let mut readings = Vec::new();
    for instance in beating {
        if !budget.take(Instant::now()) {
            break;
        }
        let pinned = match server.standalone {
            Some(true) => None,
            _ => match responsible(session, server.plane, instance).await? {
                Some(index) => Some(index),
                None => continue,
            },
        };
        if let Some(last) = last_updated(session, server.plane, instance, pinned).await? {
            readings.extend(reading(instance, last));
        }
    }
    Ok(readings)
}

fn reading(instance: &Instance, last: Millis) -> Option<BeatReading> {
    (last.0 > 0).then(|| BeatReading { cluster: instance.key.cluster.to_string(), instance: instance.key.instance.clone(), last })
}

async fn last_updated(
    session: &Session,
    plane: Plane,
    instance: &Instance,
    pinned: Option<usize>,
) -> Result<Option<Millis>, RegistryError> {
    let path = if plane == Plane::V1 { "/v2/ns/client" } else { "/v3/admin/ns/client" };
    let mut ask = Ask::get(path, "a client's last beat").query("clientId", format!("{}#true", instance.key.instance));
    if let Some(index) = pinned {
        ask = ask.pinned(index);
    }
    let answer = session.ask(ask).await?;
    match answer.status {
        200 => Ok(answer.json::<Envelope<ClientDetail>>()?.data.and_then(|client| client.last_updated_time).map(Millis)),
        // It left, or it is a connection.
        404 | 400 => Ok(None),
        _ => answer.ok().map(|_| None),
    }
}

/// The endpoint that takes this client's beats, if it is one of ours. A single server answers with itself.
async fn responsible(session: &Session, plane: Plane, instance: &Instance) -> Result<Option<usize>, RegistryError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Responsible {
        responsible_server: String,
    }
    let path = if plane == Plane::V1 { "/v1/ns/operator/distro/client" } else { "/v3/admin/ns/client/distro" };
    let ask = Ask::get(path, "the server of a client").query("ip", &instance.host).query("port", instance.port.to_string());
    let answer = session.ask(ask).await?;
    if answer.status != 200 {
        return Ok(None);
    }
    let server = match plane {
        Plane::V1 => answer.json::<Responsible>().ok(),
        _ => answer.json::<Envelope<Responsible>>().ok().and_then(|envelope| envelope.data),
    };
    let Some(Responsible { responsible_server }) = server else { return Ok(None) };
    let is_it = |url: &str| url.split("://").nth(1).and_then(|rest| rest.split('/').next()) == Some(responsible_server.as_str());
    Ok(session.endpoints().statuses().iter().position(|endpoint| is_it(&endpoint.url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_and_earned() {
        let budget = Budget::default();
        let start = budget.0.lock().1;
        let spent = (0..1_000).take_while(|_| budget.take(start)).count();
        assert_eq!(spent, 40);
        let later = start + Duration::from_secs(2);
        assert_eq!((0..1_000).take_while(|_| budget.take(later)).count(), 20);
        assert!(!budget.take(start), "a clock that stands still earns nothing");
    }
}
