//! Services: create, redefine, delete, look at, list.

use serde_json::{Map, Value, json};

use super::catalog::health_checker;
use super::metadata::metadata;
use super::names::{asked, group, namespace, service as named};
use crate::http::App;
use crate::http::answer::{data, done};
use crate::http::call::Call;
use crate::http::check::number;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Definition, NamingError};

const DEFAULT_PAGE: i64 = 20;

pub(super) async fn create(app: App, call: Call, plane: Plane) -> Outcome {
    let key = named(&call, if plane == Plane::NamingV2 { Asked::Form } else { Asked::Framework })?;
    selector(&call)?;
    let definition = Definition { protect_threshold: threshold(&call)?.unwrap_or(0.0), metadata: metadata(&call)?.unwrap_or_default() };
    // v1 has no way to make an ephemeral service; v2 does when asked.
    let ephemeral = plane == Plane::NamingV2 && call.flag("ephemeral", false);
    app.core.change_naming(move |naming| Ok(vec![naming.create_service(&key, ephemeral, definition)?])).await?;
    Ok(done(plane))
}

pub(super) async fn update(app: App, call: Call, plane: Plane) -> Outcome {
    let key = named(&call, asked(plane))?;
    selector(&call)?;
    let threshold = match threshold(&call)? {
        None if plane == Plane::NamingV1 => return Err(Refusal::Missing { name: "protectThreshold", java: "float", asked: Asked::Own }),
        threshold => threshold.unwrap_or(0.0),
    };
    let definition = Definition { protect_threshold: threshold, metadata: metadata(&call)?.unwrap_or_default() };
    app.core.change_naming(move |naming| Ok(vec![naming.update_service(&key, definition)?])).await?;
    Ok(done(plane))
}

pub(super) async fn delete(app: App, call: Call, plane: Plane) -> Outcome {
    let key = named(&call, if plane == Plane::NamingV2 { Asked::Form } else { Asked::Framework })?;
    app.core.change_naming(move |naming| Ok(vec![naming.delete_service(&key)?])).await?;
    Ok(done(plane))
}

pub(super) async fn detail(app: App, call: Call, plane: Plane) -> Outcome {
    let key = named(&call, Asked::Framework)?;
    let naming = app.core.naming.read();
    let unknown = || NamingError::ServiceDetailUnknown { namespace: key.namespace.to_string(), service: key.grouped() };
    let service = naming.service(&key).ok_or_else(unknown)?;
    let threshold = service.definition.as_ref().map_or(0.0, Definition::threshold);
    let metadata = service.definition.as_ref().map(|definition| definition.metadata.clone()).unwrap_or_default();
    let checker = health_checker(service);
    if plane == Plane::NamingV2 {
        let cluster = |name: &std::sync::Arc<str>| {
            (name.to_string(), json!({ "clusterName": &**name, "healthChecker": checker, "metadata": {}, "hosts": null }))
        };
        let clusters: Map<String, Value> = service.clusters().map(cluster).collect();
        let answer = json!({
            "namespace": &*key.namespace, "serviceName": &*key.name, "groupName": &*key.group, "clusterMap": clusters,
            "metadata": metadata, "protectThreshold": threshold,
            "selector": { "type": "none", "contextType": "NONE" }, "ephemeral": service.ephemeral,
        });
        return Ok(data(plane, &answer));
    }
    let clusters: Vec<Value> =
        service.clusters().map(|name| json!({ "name": &**name, "healthChecker": checker, "metadata": {} })).collect();
    let answer = json!({
        "namespaceId": &*key.namespace, "groupName": &*key.group, "name": &*key.name, "protectThreshold": threshold,
        "metadata": metadata, "selector": { "type": "none", "contextType": "NONE" }, "clusters": clusters,
    });
    Ok(data(plane, &answer))
}

pub(super) async fn list(app: App, call: Call, plane: Plane) -> Outcome {
    let (page, size) = if plane == Plane::NamingV2 {
        let number = |name, default| Ok::<_, Refusal>(number(&call, name, "java.lang.Integer")?.unwrap_or(default));
        (number("pageNo", 1)?, number("pageSize", DEFAULT_PAGE)?)
    } else {
        let number = |name, default: i64| {
            let text = call.filled(name).ok_or(Refusal::Missing { name, java: "int", asked: Asked::Own })?;
            Ok::<_, Refusal>(text.parse().unwrap_or(default))
        };
        (number("pageNo", 1)?, number("pageSize", 10)?)
    };
    let namespace = namespace(&call)?;
    let group = group(&call)?;
    let naming = app.core.naming.read();
    let names: Vec<&str> =
        naming.services(namespace).filter(|service| &*service.key.group == group).map(|service| &*service.key.name).collect();
    let first = usize::try_from(page.max(1).saturating_sub(1).saturating_mul(size.max(0))).unwrap_or(0);
    let shown: Vec<&str> = names.iter().skip(first).take(usize::try_from(size).unwrap_or(0)).copied().collect();
    let field = if plane == Plane::NamingV2 { "services" } else { "doms" };
    Ok(data(plane, &json!({ "count": names.len(), field: shown })))
}

fn threshold(call: &Call) -> Result<Option<f32>, Refusal> {
    let Some(text) = call.filled("protectThreshold") else { return Ok(None) };
    let number = text.parse::<f32>().ok().filter(|number| number.is_finite());
    number.map(Some).ok_or_else(|| Refusal::NotA { java: "float", value: text.to_owned() })
}

/// Only the selector that selects everything is known here.
fn selector(call: &Call) -> Result<(), Refusal> {
    let Some(text) = call.filled("selector") else { return Ok(()) };
    let selector: Option<Value> = serde_json::from_str(text).ok();
    let kind = selector.as_ref().and_then(|selector| selector.get("type")).and_then(Value::as_str);
    if matches!(kind, Some("none")) {
        return Ok(());
    }
    let text = "Selector parses failed: only the selector of type none is supported".to_owned();
    Err(Refusal::Unknown { status: http::StatusCode::INTERNAL_SERVER_ERROR, code: 30000, message: "server error", text })
}
