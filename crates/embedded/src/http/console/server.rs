//! The server's state and health.

use http::StatusCode;
use serde_json::json;

use crate::config::MAX_CONTENT;
use crate::http::App;
use crate::http::answer::{JSON, TEXT, body, data, json as json_body};
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};

/// The Nacos version whose answers these are.
pub(super) const NACOS_VERSION: &str = "2.5.1";

/// As Nacos' own, with one field more: `pilothouse` holds the version of this program.
pub(super) async fn state(app: App, _: Call, _: Plane) -> Outcome {
    let port = app.core.address.get().map_or(0, std::net::SocketAddr::port);
    let state = json!({
        "version": NACOS_VERSION, "pilothouse": env!("CARGO_PKG_VERSION"), "server_port": port.to_string(),
        "startup_mode": "standalone", "function_mode": null, "auth_enabled": "false", "auth_system_type": "",
        "auth_admin_request": "false", "login_page_enabled": "false", "console_ui_enabled": "false",
        "maxContent": MAX_CONTENT.to_string(), "config_retention_days": "30", "isHealthCheck": "true",
        "isManageCapacity": "false", "isCapacityLimitCheck": "false", "datasource_platform": "",
    });
    Ok(json_body(StatusCode::OK, JSON, &state))
}

pub(super) async fn health_v1(_: App, _: Call, _: Plane) -> Outcome {
    Ok(body(StatusCode::OK, TEXT, "OK"))
}

pub(super) async fn health_v2(_: App, _: Call, plane: Plane) -> Outcome {
    Ok(data(plane, &"ok"))
}

pub(super) async fn actuator(_: App, _: Call, _: Plane) -> Outcome {
    Ok(json_body(StatusCode::OK, JSON, &json!({ "status": "UP" })))
}
