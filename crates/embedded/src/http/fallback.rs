//! Answers to what is not here.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};

use super::App;
use super::answer::{TEXT, body, envelope};
use super::refusal::page;

/// An unknown path under `/nacos`: 501 under naming v1, 404 elsewhere.
pub(super) async fn path(State(app): State<App>, OriginalUri(uri): OriginalUri, method: Method) -> Response {
    let path = uri.path();
    let now = app.core.now();
    if path.starts_with("/nacos/v1/ns/") {
        return page(StatusCode::NOT_IMPLEMENTED, &format!("no such api:{method}:{path}"), path, now);
    }
    page(StatusCode::NOT_FOUND, "No message available", path, now)
}

/// A known path with a method it does not take.
pub(super) async fn method(State(app): State<App>, OriginalUri(uri): OriginalUri, method: Method) -> Response {
    let path = uri.path();
    let fault = StatusCode::INTERNAL_SERVER_ERROR;
    if path.starts_with("/nacos/v1/ns/") {
        return page(StatusCode::NOT_IMPLEMENTED, &format!("no such api:{method}:{path}"), path, app.core.now());
    }
    let text = format!("caused: Request method &#39;{method}&#39; not supported;");
    if path.starts_with("/nacos/v2/") {
        return envelope(fault, 500, &text, &serde_json::Value::Null);
    }
    body(fault, TEXT, text)
}

/// Outside `/nacos` there is nothing.
pub(super) async fn outside() -> Response {
    (StatusCode::NOT_FOUND, "the registry is under /nacos").into_response()
}
