//! The ledger.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use pilothouse_api::{LedgerAnswer, LedgerQuery, Problem};
use pilothouse_console::Rights;

use crate::http::{AppState, ProblemAnswer};

/// One page of transitions, newest first, with density and gaps.
#[utoipa::path(get, path = "/api/v1/ledger", tag = "ledger", params(LedgerQuery), responses((status = 200, body = LedgerAnswer), (status = 400, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    query: Result<Query<LedgerQuery>, QueryRejection>,
) -> Result<Json<LedgerAnswer>, ProblemAnswer> {
    let Query(query) = query?;
    Ok(Json(state.console.ledger(&rights, &query).await?))
}
