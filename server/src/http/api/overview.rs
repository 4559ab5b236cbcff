//! The Overview page and the horizon.

use axum::extract::State;
use axum::{Extension, Json};
use pilothouse_api::{Horizon, OverviewAnswer};
use pilothouse_console::Rights;

use crate::http::AppState;

/// Counts, registries, what fails, the first cells, latest changes.
#[utoipa::path(get, path = "/api/v1/overview", tag = "fleet", responses((status = 200, body = OverviewAnswer)))]
pub(crate) async fn overview(State(state): State<AppState>, Extension(rights): Extension<Rights>) -> Json<OverviewAnswer> {
    Json(state.console.overview(&rights))
}

/// One hour of the whole fleet.
#[utoipa::path(get, path = "/api/v1/horizon", tag = "fleet", responses((status = 200, body = Horizon)))]
pub(crate) async fn horizon(State(state): State<AppState>, Extension(rights): Extension<Rights>) -> Json<Horizon> {
    Json(state.console.horizon(&rights))
}
