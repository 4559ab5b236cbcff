//! Configs: `/v1/cs` and `/v2/cs`.

mod beta;
mod history;
mod listen;
mod names;
mod publish;
mod read;
mod search;

use axum::Router;
use axum::routing::get;

use super::App;
use super::answer::{TEXT, body};
use super::call::Call;
use super::plane::{Outcome, Plane, on};
use super::refusal::Refusal;

pub(super) fn routes() -> Router<App> {
    use Plane::{ConfigV1 as V1, ConfigV2 as V2};
    Router::new()
        .route("/v1/cs/configs", get(on(V1, get_v1)).post(on(V1, post_v1)).delete(on(V1, delete_v1)))
        .route("/v1/cs/configs/catalog", get(on(V1, read::catalog)))
        .route("/v1/cs/configs/listener", get(on(V1, listen::of_config)).post(on(V1, listen::poll)))
        .route("/v1/cs/listener", get(on(V1, listen::of_client)))
        .route("/v1/cs/history", get(on(V1, history_v1)))
        .route("/v1/cs/history/previous", get(on(V1, history::previous)))
        .route("/v1/cs/history/configs", get(on(V1, history::configs)))
        .route("/v1/cs/health", get(on(V1, health)))
        .route("/v2/cs/config", get(on(V2, read::content)).post(on(V2, publish::publish)).delete(on(V2, publish::delete)))
        .route("/v2/cs/config/searchDetail", get(on(V2, search::search)))
        .route("/v2/cs/history/list", get(on(V2, history::list)))
        .route("/v2/cs/history", get(on(V2, history::row)))
        .route("/v2/cs/history/previous", get(on(V2, history::previous)))
        .route("/v2/cs/history/configs", get(on(V2, history::configs)))
}

async fn get_v1(app: App, call: Call, plane: Plane) -> Outcome {
    if matches!(call.get("search"), Some("accurate" | "blur")) {
        return search::search(app, call, plane).await;
    }
    if call.flag("export", false) || call.flag("exportV2", false) {
        return Err(unsupported("export"));
    }
    if call.flag("beta", false) {
        return beta::read(app, call, plane).await;
    }
    if call.get("show") == Some("all") {
        return read::detail(app, call, plane).await;
    }
    read::content(app, call, plane).await
}

async fn post_v1(app: App, call: Call, plane: Plane) -> Outcome {
    for what in ["import", "clone"] {
        if call.flag(what, false) {
            return Err(unsupported(what));
        }
    }
    publish::publish(app, call, plane).await
}

async fn delete_v1(app: App, call: Call, plane: Plane) -> Outcome {
    if call.flag("beta", false) {
        return beta::stop(app, call, plane).await;
    }
    if call.get("delType") == Some("ids") {
        return publish::delete_ids(app, call, plane).await;
    }
    publish::delete(app, call, plane).await
}

async fn history_v1(app: App, call: Call, plane: Plane) -> Outcome {
    if call.get("search") == Some("accurate") { history::list(app, call, plane).await } else { history::row(app, call, plane).await }
}

async fn health(_: App, _: Call, _: Plane) -> Outcome {
    Ok(body(http::StatusCode::OK, TEXT, "UP"))
}

fn unsupported(what: &str) -> Refusal {
    Refusal::Unknown {
        status: http::StatusCode::NOT_IMPLEMENTED,
        code: 30000,
        message: "server error",
        text: format!("{what} is not supported by this registry"),
    }
}
