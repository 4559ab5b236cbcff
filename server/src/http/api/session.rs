//! Who is at the wheel.

use axum::extract::State;
use axum::{Extension, Json};
use pilothouse_api::Session;
use pilothouse_console::Rights;

use crate::http::AppState;

/// The session of this request. A browser whose stream closed asks here whether it may reconnect.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = Session)))]
pub(crate) async fn session(State(state): State<AppState>, Extension(rights): Extension<Rights>) -> Json<Session> {
    Json(of(&state, &rights))
}

/// The session of these rights.
pub(crate) fn of(state: &AppState, rights: &Rights) -> Session {
    Session { now: state.console.now(), actor: rights.actor().clone(), local_mode: true, build: state.build.to_string() }
}
