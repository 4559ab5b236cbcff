//! Registries.

use axum::extract::State;
use axum::{Extension, Json};
use pilothouse_api::RegistriesAnswer;
use pilothouse_console::Rights;

use crate::http::AppState;

/// Every registry with endpoints, freshness, ways of watching, capabilities.
#[utoipa::path(get, path = "/api/v1/registries", tag = "registries", responses((status = 200, body = RegistriesAnswer)))]
pub(crate) async fn list(State(state): State<AppState>, Extension(rights): Extension<Rights>) -> Json<RegistriesAnswer> {
    Json(state.console.registries(&rights))
}
