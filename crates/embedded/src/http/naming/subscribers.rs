//! Who subscribes to a service.

use serde_json::{Value, json};

use super::names::service;
use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::Asked;

pub(super) async fn of_service(app: App, call: Call, plane: Plane) -> Outcome {
    let key = service(&call, Asked::Own)?;
    let number = |name, default: usize| call.filled(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (page, size): (usize, usize) = (number("pageNo", 1), number("pageSize", 1000));
    let grouped = key.grouped();
    let subscribers = app.core.pushes.subscribers.lock();
    let rows: Vec<Value> = subscribers
        .of(&key)
        .map(|one| {
            json!({
                "addrStr": one.address.to_string(), "agent": one.agent, "app": one.app, "ip": one.address.ip().to_string(),
                "port": one.address.port(), "namespaceId": &*key.namespace, "serviceName": grouped, "cluster": one.clusters,
            })
        })
        .collect();
    let shown: Vec<&Value> = rows.iter().skip(page.saturating_sub(1).saturating_mul(size)).take(size).collect();
    Ok(data(plane, &json!({ "subscribers": shown, "count": rows.len() })))
}
