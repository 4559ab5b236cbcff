//! What a config was before.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::names::{key, sent, tenant};
use crate::config::HistoryRow;
use crate::http::App;
use crate::http::answer::{JSON_UTF8, body, data};
use crate::http::call::Call;
use crate::http::check::number;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::http::time::iso;

const DEFAULT_PAGE: i64 = 100;
const MAX_PAGE: usize = 500;
/// What Nacos writes for the time of creation.
const CREATED: &str = "2010-05-05T00:00:00.000+00:00";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: String,
    last_id: i64,
    data_id: &'a str,
    group: &'a str,
    tenant: &'a str,
    app_name: &'a str,
    md5: Option<&'a str>,
    content: Option<&'a str>,
    src_ip: &'a str,
    src_user: Option<()>,
    op_type: &'static str,
    publish_type: &'static str,
    gray_name: &'static str,
    ext_info: String,
    created_time: &'static str,
    last_modified_time: String,
    encrypted_data_key: Option<&'static str>,
}

impl<'a> Row<'a> {
    /// A row in full; lists leave the content out.
    fn of(row: &'a HistoryRow) -> Self {
        let beta = row.beta_ips.as_deref();
        let ext_info = match beta {
            None => json!({ "type": row.kind }),
            Some(ips) => {
                // Nacos writes these fields in this order, and the rule is text: an object would be sorted.
                let ips = serde_json::Value::from(ips);
                let rule = format!(r#"{{"type":"beta","expr":{ips},"version":"1.0.0","priority":"{}"}}"#, i32::MAX);
                json!({ "gray_name": "beta", "gray_rule": rule })
            }
        };
        Self {
            id: row.id.to_string(),
            last_id: -1,
            data_id: &row.key.data_id,
            group: &row.key.group,
            tenant: &row.key.tenant,
            app_name: &row.app,
            md5: Some(&row.md5),
            content: Some(&row.content),
            src_ip: &row.source_ip,
            src_user: None,
            op_type: row.operation.padded(),
            publish_type: if beta.is_some() { "gray" } else { "formal" },
            gray_name: if beta.is_some() { "beta" } else { "" },
            ext_info: ext_info.to_string(),
            created_time: CREATED,
            last_modified_time: iso(row.at),
            encrypted_data_key: Some(""),
        }
    }
}

pub(super) async fn list(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Page<'a> {
        total_count: usize,
        page_number: usize,
        pages_available: usize,
        page_items: Vec<Row<'a>>,
    }
    let key = key(&call, plane)?;
    let positive = |name, default: i64| {
        let number = number(&call, name, "java.lang.Integer")?.unwrap_or(default);
        Ok::<_, Refusal>(usize::try_from(number).unwrap_or(1).max(1))
    };
    let (page, size) = (positive("pageNo", 1)?, positive("pageSize", DEFAULT_PAGE)?.min(MAX_PAGE));
    let configs = app.core.configs.read();
    let rows: Vec<&HistoryRow> = configs.history().of(&key).collect();
    let shown = rows.iter().skip((page - 1).saturating_mul(size)).take(size);
    let page_items = shown.map(|row| Row { md5: None, content: None, encrypted_data_key: None, ..Row::of(row) }).collect();
    let total = rows.len();
    Ok(data(plane, &Page { total_count: total, page_number: page, pages_available: total.div_ceil(size), page_items }))
}

/// One row by its number, for the config that is named.
pub(super) async fn row(app: App, call: Call, plane: Plane) -> Outcome {
    let key = key(&call, plane)?;
    let missing = Refusal::Missing { name: "nid", java: "Long", asked: Asked::Framework };
    let id = number(&call, "nid", "java.lang.Long")?.ok_or(missing)?;
    let configs = app.core.configs.read();
    let row = u64::try_from(id).ok().and_then(|id| configs.history().get(id));
    if row.is_some_and(|row| row.key != key) {
        return Err(Refusal::Unknown {
            status: StatusCode::FORBIDDEN,
            code: 10001,
            message: "access denied",
            text: "Please check dataId, group or tenant.".to_owned(),
        });
    }
    Ok(one(plane, row))
}

/// The latest row of a config, by the config's id.
pub(super) async fn previous(app: App, call: Call, plane: Plane) -> Outcome {
    let key = key(&call, plane)?;
    sent(&call, "id", Asked::Framework)?;
    let id = number(&call, "id", "java.lang.Long")?;
    let configs = app.core.configs.read();
    let row = configs.history().of(&key).find(|row| id.is_some_and(|id| u64::try_from(id) == Ok(row.config_id)));
    Ok(one(plane, row))
}

/// The configs of a namespace, without their contents.
pub(super) async fn configs(app: App, call: Call, plane: Plane) -> Outcome {
    let tenant = tenant(&call, plane)?;
    let configs = app.core.configs.read();
    let rows = configs.in_namespace(tenant).map(|item| {
        json!({
            "id": "0", "dataId": &*item.key.data_id, "group": &*item.key.group, "content": null, "md5": null,
            "encryptedDataKey": null, "tenant": &*item.key.tenant, "appName": item.app, "type": item.kind,
            "lastModified": item.modified_at,
        })
    });
    Ok(data(plane, &rows.collect::<Vec<_>>()))
}

fn one(plane: Plane, row: Option<&HistoryRow>) -> Response {
    match row {
        None if !plane.is_v2() => body(StatusCode::OK, JSON_UTF8, ""),
        row => data(plane, &row.map(Row::of)),
    }
}
