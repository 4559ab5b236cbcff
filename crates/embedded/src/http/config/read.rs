//! Reading one config: what a client is served, and what an operator is shown.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::names::key;
use crate::config::{ConfigItem, Served};
use crate::http::App;
use crate::http::answer::{JSON_UTF8, TEXT, body, data, json, rest_result, untyped};
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::time::http_date;

const MISSING: &str = "config data not exist";

/// The content for this client: the gray one when its address is among those of a beta.
pub(super) async fn content(app: App, call: Call, plane: Plane) -> Outcome {
    let key = key(&call, plane)?;
    let Some(served) = app.core.configs.read().served(&key, &call.client_ip) else { return Ok(missing(plane)) };
    let Served { content, md5, kind, modified_at, is_beta } = served;
    let mut response = if plane.is_v2() { data(plane, &content) } else { body(StatusCode::OK, TEXT, content.as_bytes().to_vec()) };
    let mut header = |name: &'static str, value: &str| {
        // The kind is one of a fixed list, the rest is digits and letters: always a valid header.
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    header("config-type", &kind);
    header("content-md5", &md5);
    header("last-modified", &http_date(modified_at));
    header("cache-control", "no-cache,no-store");
    if is_beta {
        header("isbeta", "true");
    } else {
        header("encrypted-data-key", "");
    }
    if plane.is_v2() {
        header("content-type", JSON_UTF8);
    }
    Ok(response)
}

/// Everything about the formal content; an empty body when there is none.
pub(super) async fn detail(app: App, call: Call, plane: Plane) -> Outcome {
    let key = key(&call, plane)?;
    let configs = app.core.configs.read();
    let Some(item) = configs.item(&key) else { return Ok(body(StatusCode::OK, JSON_UTF8, "")) };
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Detail<'a> {
        id: String,
        data_id: &'a str,
        group: &'a str,
        content: &'a str,
        md5: &'a str,
        encrypted_data_key: &'a str,
        tenant: &'a str,
        app_name: &'a str,
        #[serde(flatten)]
        about: About<'a>,
    }
    let detail = Detail {
        id: item.id.to_string(),
        data_id: &item.key.data_id,
        group: &item.key.group,
        content: &item.content,
        md5: &item.md5,
        encrypted_data_key: "",
        tenant: &item.key.tenant,
        app_name: &item.app,
        about: About::of(item),
    };
    Ok(json(StatusCode::OK, JSON_UTF8, &detail))
}

/// Everything but the content.
pub(super) async fn catalog(app: App, call: Call, plane: Plane) -> Outcome {
    let key = key(&call, plane)?;
    let configs = app.core.configs.read();
    Ok(rest_result(plane, 200, None, &configs.item(&key).map(About::of)))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About<'a> {
    r#type: &'a str,
    create_time: i64,
    modify_time: i64,
    create_user: Option<()>,
    create_ip: &'a str,
    desc: Option<&'a str>,
    r#use: Option<()>,
    effect: Option<()>,
    schema: Option<()>,
    config_tags: Option<&'a str>,
}

impl<'a> About<'a> {
    fn of(item: &'a ConfigItem) -> Self {
        Self {
            r#type: &item.kind,
            create_time: item.created_at,
            modify_time: item.modified_at,
            create_user: None,
            create_ip: &item.created_by_ip,
            desc: item.description.as_deref(),
            r#use: None,
            effect: None,
            schema: None,
            config_tags: item.tags.as_deref(),
        }
    }
}

fn missing(plane: Plane) -> Response {
    let status = StatusCode::NOT_FOUND;
    if plane.is_v2() {
        let text = format!("{{\"code\":20004,\"message\":\"resource not found\",\"data\":\"{MISSING}\"}}\n");
        return untyped(status, text);
    }
    body(status, JSON_UTF8, format!("{MISSING}\n"))
}
