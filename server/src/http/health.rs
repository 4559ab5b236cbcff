//! `/healthz` and `/readyz`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;

use super::AppState;

/// How ready the console is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Readiness {
    /// Whether requests should be sent here.
    ready: bool,
    /// Tasks that ended although nobody stopped them.
    dead_tasks: Vec<String>,
    /// Why the ledger is not being written; nothing while it is. A console that cannot write its ledger still serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<String>,
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, body = String)))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The console can serve: its tasks run.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub(crate) async fn readyz(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let dead_tasks = state.hub.dead_tasks();
    let ready = dead_tasks.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, dead_tasks, ledger: state.hub.recorder().failing }))
}
