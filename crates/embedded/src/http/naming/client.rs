//! Clients: an address that registers something is one, and so is one that subscribes. `lastUpdatedTime` moves
//! with every beat.

use serde_json::{Value, json};

use super::names::service;
use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Address, ServiceKey};

/// `ip:port#ephemeral`.
struct ClientId {
    address: Address,
    ephemeral: bool,
}

impl ClientId {
    fn parse(text: &str) -> Option<Self> {
        let (address, ephemeral) = text.split_once('#')?;
        let (ip, port) = address.rsplit_once(':')?;
        Some(Self { address: Address::new(ip, port.parse().ok()?), ephemeral: ephemeral.parse().ok()? })
    }
}

pub(super) async fn list(app: App, _: Call, plane: Plane) -> Outcome {
    let mut ids: Vec<String> = app.core.naming.read().clients().map(|(address, ephemeral)| format!("{address}#{ephemeral}")).collect();
    ids.extend(app.core.pushes.subscribers.lock().clients().into_iter().map(|address| format!("{address}#true")));
    ids.sort_unstable();
    ids.dedup();
    Ok(data(plane, &ids))
}

pub(super) async fn detail(app: App, call: Call, plane: Plane) -> Outcome {
    let (text, id) = known(&app, &call)?;
    let published = app.core.naming.read().client(&id.address, id.ephemeral).map(|(last_beat, _)| last_beat);
    let subscribed = {
        let subscribers = app.core.pushes.subscribers.lock();
        subscribers.by(&id.address.to_string()).into_iter().map(|(_, _, renewed_at)| renewed_at).max()
    };
    Ok(data(
        plane,
        &json!({
            "clientId": text, "ephemeral": id.ephemeral, "lastUpdatedTime": published.max(subscribed.filter(|_| id.ephemeral)),
            "clientType": "ipPort", "clientIp": &*id.address.ip, "clientPort": id.address.port.to_string(),
        }),
    ))
}

pub(super) async fn published(app: App, call: Call, plane: Plane) -> Outcome {
    let (_, id) = known(&app, &call)?;
    let naming = app.core.naming.read();
    let published = naming.client(&id.address, id.ephemeral).map(|(_, published)| published).unwrap_or_default();
    let rows: Vec<Value> = published
        .into_iter()
        .map(|(key, entry)| {
            let instance = json!({ "ip": &*id.address.ip, "port": id.address.port, "cluster": &*entry.view.cluster });
            with_service(key, "registeredInstance", &instance)
        })
        .collect();
    Ok(data(plane, &rows))
}

pub(super) async fn subscribed(app: App, call: Call, plane: Plane) -> Outcome {
    let (_, id) = known(&app, &call)?;
    let subscribers = app.core.pushes.subscribers.lock();
    let of = subscribers.by(&id.address.to_string());
    let rows: Vec<Value> = of
        .into_iter()
        .map(|(key, one, _)| {
            with_service(key, "subscriberInfo", &json!({ "app": one.app, "agent": one.agent, "addr": one.address.to_string() }))
        })
        .collect();
    Ok(data(plane, &rows))
}

pub(super) async fn publishers(app: App, call: Call, plane: Plane) -> Outcome {
    let key = service(&call, Asked::Framework)?;
    let (ip, port) = (call.text("ip"), call.text("port"));
    let naming = app.core.naming.read();
    // As in Nacos the address must be given: without it nothing is found.
    let entries = naming.service(&key).into_iter().flat_map(crate::naming::Service::instances);
    let of_address = entries.filter(|entry| &*entry.view.address.ip == ip && entry.view.address.port.to_string() == port);
    let rows: Vec<Value> = of_address
        .map(|entry| {
            let Address { ip, port } = &entry.view.address;
            json!({ "ip": &**ip, "port": port, "cluster": &*entry.view.cluster, "clientId": format!("{ip}:{port}#{}", entry.view.ephemeral) })
        })
        .collect();
    Ok(data(plane, &rows))
}

pub(super) async fn subscribers(app: App, call: Call, plane: Plane) -> Outcome {
    let key = service(&call, Asked::Framework)?;
    let subscribers = app.core.pushes.subscribers.lock();
    let row = |one: &crate::push::Subscriber| json!({ "clientId": format!("{}#true", one.address), "ip": one.address.ip().to_string(), "port": one.address.port() });
    let rows: Vec<Value> = subscribers.of(&key).map(row).collect();
    Ok(data(plane, &rows))
}

fn known<'a>(app: &App, call: &'a Call) -> Result<(&'a str, ClientId), Refusal> {
    let text = call.filled("clientId").ok_or(Refusal::Missing { name: "clientId", java: "String", asked: Asked::Framework })?;
    let unknown = || Refusal::Unknown {
        status: http::StatusCode::NOT_FOUND,
        code: 20004,
        message: "resource not found",
        text: format!("clientId [ {text} ] not exist"),
    };
    let id = ClientId::parse(text).ok_or_else(unknown)?;
    let publishes = app.core.naming.read().client(&id.address, id.ephemeral).is_some();
    let subscribes = id.ephemeral && !app.core.pushes.subscribers.lock().by(&id.address.to_string()).is_empty();
    if publishes || subscribes { Ok((text, id)) } else { Err(unknown()) }
}

fn with_service(key: &ServiceKey, field: &str, value: &Value) -> Value {
    json!({ "namespace": &*key.namespace, "group": &*key.group, "serviceName": &*key.name, field: value })
}
