//! The cluster: this server alone.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Serialize;
use serde_json::{Value, json};

use super::server::NACOS_VERSION;
use crate::http::App;
use crate::http::answer::{data, rest_result};
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};

pub(super) async fn nodes(app: App, call: Call, plane: Plane) -> Outcome {
    let keyword = call.text(if plane.is_v2() { "address" } else { "keyword" });
    let node = node(&app);
    let shown: Vec<&Value> =
        std::iter::once(&node).filter(|node| node["address"].as_str().is_some_and(|address| address.starts_with(keyword))).collect();
    Ok(wrapped(plane, &shown))
}

pub(super) async fn this(app: App, _: Call, plane: Plane) -> Outcome {
    Ok(wrapped(plane, &node(&app)))
}

pub(super) async fn health(_: App, _: Call, plane: Plane) -> Outcome {
    Ok(wrapped(plane, &"UP"))
}

fn node(app: &App) -> Value {
    let address = app.core.address.get().copied().unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    json!({
        "ip": address.ip().to_string(), "port": address.port(), "state": "UP",
        "extendInfo": { "lastRefreshTime": app.core.now(), "version": NACOS_VERSION },
        "address": address.to_string(), "failAccessCnt": 0, "grpcReportEnabled": false,
    })
}

fn wrapped(plane: Plane, value: &impl Serialize) -> axum::response::Response {
    if plane.is_v2() { data(plane, value) } else { rest_result(plane, 200, None, value) }
}
