//! The control interface: lets whoever sits at this machine play an act. Requests for any name but a loopback one
//! are refused, so that a web page cannot reach it through a name of its own.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use http::StatusCode;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::act::{Action, Order};
use crate::fleet::Fleet;

/// How long requests in flight may take to end at a shutdown.
const DRAIN: Duration = Duration::from_millis(500);

#[derive(Clone)]
struct Control {
    fleet: Arc<Mutex<Fleet>>,
    orders: mpsc::Sender<Order>,
}

/// Serves until `shutdown`.
pub(crate) async fn serve(
    listener: TcpListener,
    fleet: Arc<Mutex<Fleet>>,
    orders: mpsc::Sender<Order>,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let router = Router::new()
        .route("/fleet", get(show))
        .route("/{act}", post(play))
        .layer(middleware::from_fn(loopback_names_only))
        .with_state(Control { fleet, orders });
    let served = axum::serve(listener, router).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let too_long = async {
        shutdown.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = served.into_future() => served,
        () = too_long => Ok(()),
    }
}

async fn show(State(control): State<Control>) -> Json<Value> {
    Json(control.fleet.lock().describe())
}

/// The act is the path, its parts are the JSON body.
async fn play(State(control): State<Control>, Path(act): Path<String>, body: Bytes) -> Response {
    let parts: Result<Map<String, Value>, _> = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(&body) };
    let action = parts.and_then(|mut parts| {
        parts.insert("act".to_owned(), act.into());
        serde_json::from_value::<Action>(parts.into())
    });
    let action = match action {
        Ok(action) => action,
        Err(error) => return (StatusCode::BAD_REQUEST, Json(json!({ "error": error.to_string() }))).into_response(),
    };
    let (answer, played) = oneshot::channel();
    let ordered = control.orders.send(Order { action, answer }).await;
    match (ordered, played.await) {
        (Ok(()), Ok(Ok(()))) => Json(json!({ "ok": true })).into_response(),
        (Ok(()), Ok(Err(unknown))) => {
            let text = unknown.to_string();
            (StatusCode::NOT_FOUND, Json(json!({ "error": text, "nearest": unknown.nearest }))).into_response()
        }
        _ => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "error": "the fleet is shutting down" }))).into_response(),
    }
}

async fn loopback_names_only(request: Request, next: Next) -> Response {
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_loopback_name(host) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, Json(json!({ "error": "only requests for a loopback name are taken" }))).into_response()
}

fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback_name;

    #[test]
    fn which_names_are_loopback() {
        for (host, expected) in [
            ("127.0.0.1:9000", true),
            ("127.0.0.1", true),
            ("localhost:9000", true),
            ("LOCALHOST", true),
            ("[::1]:9000", true),
            ("10.2.1.11", false),
            ("evil.example:9000", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("[::2]", false),
            ("", false),
        ] {
            assert_eq!(is_loopback_name(host), expected, "{host}");
        }
    }
}
