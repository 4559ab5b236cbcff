//! Namespaces. The public one has the empty id, and `public` is no other one.

use http::StatusCode;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use crate::http::App;
use crate::http::answer::{JSON, data, json, rest_result};
use crate::http::call::Call;
use crate::http::check;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::namespace::{Namespace, NamespaceRecord, Namespaces};
use crate::naming::PUBLIC_NAMESPACE;

/// Namespaces that can be created.
const MAX_NAMESPACES: usize = 10_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    namespace: String,
    namespace_show_name: String,
    namespace_desc: Option<String>,
    quota: u32,
    config_count: usize,
    r#type: u8,
}

pub(super) async fn get_v1(app: App, call: Call, plane: Plane) -> Outcome {
    if call.flag("checkNamespaceIdExist", false) {
        let id = call.text("customNamespaceId");
        return Ok(json(StatusCode::OK, JSON, &(is_public(id) || app.core.namespaces.read().get(id).is_some())));
    }
    if call.get("show") == Some("all") {
        let id = call.text("namespaceId");
        let unknown = || Refusal::Unknown {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: 22001,
            message: "namespace not exist",
            text: format!("namespaceId [ {id} ] not exist"),
        };
        return Ok(json(StatusCode::OK, JSON, &row(&app, id).ok_or_else(unknown)?));
    }
    Ok(rest_result(plane, 200, None, &rows(&app)))
}

pub(super) async fn list_v2(app: App, _: Call, plane: Plane) -> Outcome {
    Ok(data(plane, &rows(&app)))
}

pub(super) async fn get_v2(app: App, call: Call, plane: Plane) -> Outcome {
    let id = call.get("namespaceId").ok_or(Refusal::Missing { name: "namespaceId", java: "String", asked: Asked::Framework })?;
    let unknown = || Refusal::Unknown {
        status: StatusCode::NOT_FOUND,
        code: 22001,
        message: "namespace not exist",
        text: format!("namespaceId [ {id} ] not exist"),
    };
    Ok(data(plane, &row(&app, id).ok_or_else(unknown)?))
}

/// Answers `false` for an id that is taken.
pub(super) async fn create_v1(app: App, call: Call, _: Plane) -> Outcome {
    let required = |name| call.get(name).ok_or(Refusal::Missing { name, java: "String", asked: Asked::Framework });
    let id = required("customNamespaceId")?.trim();
    let name = required("namespaceName")?.trim();
    check::namespace(id)?;
    check::namespace_name(name)?;
    let id = if id.is_empty() { generated_id(name, app.core.now()) } else { id.to_owned() };
    let namespace = Namespace { id, name: name.to_owned(), description: call.get("namespaceDesc").map(str::to_owned) };
    let created = app.core.change_namespaces(move |known| creation(known, namespace)).await?;
    Ok(json(StatusCode::OK, JSON, &created))
}

pub(super) async fn create_v2(app: App, call: Call, plane: Plane) -> Outcome {
    let id = required_v2(&call, "namespaceId")?;
    check::namespace(id)?;
    let name = required_v2(&call, "namespaceName")?;
    check::namespace_name(name)?;
    let namespace = Namespace { id: id.to_owned(), name: name.to_owned(), description: call.get("namespaceDesc").map(str::to_owned) };
    if app.core.change_namespaces(move |known| creation(known, namespace)).await? {
        return Ok(data(plane, &true));
    }
    Err(Refusal::Unknown {
        status: StatusCode::BAD_REQUEST,
        code: 22000,
        message: "illegal namespace",
        text: format!("the namespaceId is existed, namespaceId: {id}"),
    })
}

/// Answers `true` also when there is no such namespace.
pub(super) async fn update_v1(app: App, call: Call, _: Plane) -> Outcome {
    let required = |name| call.get(name).ok_or(Refusal::Missing { name, java: "String", asked: Asked::Framework });
    let id = required("namespace")?;
    let name = required("namespaceShowName")?;
    update(&app, &call, id, name).await?;
    Ok(json(StatusCode::OK, JSON, &true))
}

pub(super) async fn update_v2(app: App, call: Call, plane: Plane) -> Outcome {
    let id = required_v2(&call, "namespaceId")?;
    let name = required_v2(&call, "namespaceName")?;
    update(&app, &call, id, name).await?;
    Ok(data(plane, &true))
}

/// What is in a deleted namespace stays; deleting what is not there is fine.
pub(super) async fn delete_v1(app: App, call: Call, _: Plane) -> Outcome {
    delete(&app, &call).await?;
    Ok(json(StatusCode::OK, JSON, &true))
}

pub(super) async fn delete_v2(app: App, call: Call, plane: Plane) -> Outcome {
    delete(&app, &call).await?;
    Ok(data(plane, &true))
}

async fn update(app: &App, call: &Call, id: &str, name: &str) -> Result<(), Refusal> {
    check::namespace_name(name)?;
    let namespace = Namespace { id: id.to_owned(), name: name.to_owned(), description: call.get("namespaceDesc").map(str::to_owned) };
    app.core.change_namespaces(move |known| known.get(&namespace.id).is_some().then_some(NamespaceRecord::Put { of: namespace })).await?;
    Ok(())
}

async fn delete(app: &App, call: &Call) -> Result<(), Refusal> {
    let id = call.get("namespaceId").ok_or(Refusal::Missing { name: "namespaceId", java: "String", asked: Asked::Framework })?.to_owned();
    app.core.change_namespaces(move |known| known.get(&id).is_some().then_some(NamespaceRecord::Gone { id })).await?;
    Ok(())
}

fn creation(known: &Namespaces, namespace: Namespace) -> Option<NamespaceRecord> {
    let is_free = !is_public(&namespace.id) && known.get(&namespace.id).is_none() && known.iter().count() < MAX_NAMESPACES;
    is_free.then_some(NamespaceRecord::Put { of: namespace })
}

fn required_v2<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    call.filled(name).ok_or_else(|| Refusal::Unknown {
        status: StatusCode::BAD_REQUEST,
        code: 10000,
        message: "parameter missing",
        text: format!("required parameter '{name}' is missing"),
    })
}

fn rows(app: &App) -> Vec<Row> {
    let configs = app.core.configs.read();
    let namespaces = app.core.namespaces.read();
    let created = namespaces.iter().map(|namespace| created_row(namespace, configs.count(&namespace.id)));
    std::iter::once(public_row(configs.count(""))).chain(created).collect()
}

fn row(app: &App, id: &str) -> Option<Row> {
    let configs = app.core.configs.read();
    if is_public(id) {
        return Some(public_row(configs.count("")));
    }
    app.core.namespaces.read().get(id).map(|namespace| created_row(namespace, configs.count(id)))
}

fn public_row(config_count: usize) -> Row {
    Row {
        namespace: String::new(),
        namespace_show_name: PUBLIC_NAMESPACE.to_owned(),
        namespace_desc: Some("Default Namespace".to_owned()),
        quota: 200,
        config_count,
        r#type: 0,
    }
}

fn created_row(namespace: &Namespace, config_count: usize) -> Row {
    let Namespace { id, name, description } = namespace.clone();
    Row { namespace: id, namespace_show_name: name, namespace_desc: description, quota: 200, config_count, r#type: 2 }
}

fn is_public(id: &str) -> bool {
    id.is_empty() || id == PUBLIC_NAMESPACE
}

/// An id in the shape of those Nacos makes up.
fn generated_id(name: &str, now: i64) -> String {
    let hex = format!("{:032x}", xxh3_128(format!("{now} {name}").as_bytes()));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
