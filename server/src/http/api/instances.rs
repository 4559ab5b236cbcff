//! Actions on an instance.
//!
//! A use case runs in a task of its own: a browser that goes away must not leave a write without its readback and audit.

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use pilothouse_api::{DeregisterRequest, EditAnswer, EditRequest, Problem, ProblemCode};
use pilothouse_console::{Rights, UseCaseError};
use pilothouse_model::Fingerprint;

use crate::http::{AppState, ProblemAnswer};

/// Changes weight, enabled or metadata of an instance, and reads it back.
#[utoipa::path(post, path = "/api/v1/instances/{id}/edit", tag = "actions", params(("id" = String, Path)), request_body = EditRequest,
    responses((status = 200, body = EditAnswer), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn edit(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    Path(id): Path<String>,
    request: Result<Json<EditRequest>, JsonRejection>,
) -> Result<Json<EditAnswer>, ProblemAnswer> {
    let Json(request) = request?;
    let id = instance_id(&id)?;
    to_the_end(async move { state.console.edit_instance(&rights, id, &request).await }).await
}

/// Takes an instance out of its registry, and reads that back.
#[utoipa::path(post, path = "/api/v1/instances/{id}/deregister", tag = "actions", params(("id" = String, Path)), request_body = DeregisterRequest,
    responses((status = 200, body = EditAnswer), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn deregister(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    Path(id): Path<String>,
    request: Result<Json<DeregisterRequest>, JsonRejection>,
) -> Result<Json<EditAnswer>, ProblemAnswer> {
    let Json(request) = request?;
    let id = instance_id(&id)?;
    to_the_end(async move { state.console.deregister(&rights, id, &request).await }).await
}

fn instance_id(text: &str) -> Result<Fingerprint, ProblemAnswer> {
    text.parse().map_err(|_| ProblemAnswer::invalid("id", "sixteen hex digits are expected"))
}

async fn to_the_end(
    action: impl Future<Output = Result<EditAnswer, UseCaseError>> + Send + 'static,
) -> Result<Json<EditAnswer>, ProblemAnswer> {
    match tokio::spawn(action).await {
        Ok(answer) => Ok(Json(answer?)),
        Err(error) => {
            tracing::error!(%error, "an action did not run to its end");
            let detail = "the action broke off inside the console: look at the instance, and at the audit";
            Err(Problem::new(500, ProblemCode::Internal, "It may or may not have happened", detail).into())
        }
    }
}
