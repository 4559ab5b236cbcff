//! Bodies of success.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::plane::Plane;

pub(super) const TEXT: &str = "text/plain;charset=UTF-8";
pub(super) const JSON: &str = "application/json";
pub(super) const JSON_UTF8: &str = "application/json;charset=UTF-8";

/// A body with its type.
pub(super) fn body(status: StatusCode, kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    (status, [(CONTENT_TYPE, kind)], body.into()).into_response()
}

/// Text that Nacos sends without saying what it is.
pub(super) fn untyped(status: StatusCode, text: String) -> Response {
    (status, axum::body::Body::from(text)).into_response()
}

/// JSON with its type.
pub(super) fn json(status: StatusCode, kind: &'static str, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => body(status, kind, bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            body(StatusCode::INTERNAL_SERVER_ERROR, TEXT, "caused: the answer could not be written;")
        }
    }
}

/// Data, bare on v1 and in an envelope on v2.
pub(super) fn data(plane: Plane, value: &impl Serialize) -> Response {
    match plane {
        Plane::NamingV1 | Plane::ConsoleV1 => json(StatusCode::OK, JSON, value),
        Plane::ConfigV1 => json(StatusCode::OK, JSON_UTF8, value),
        Plane::NamingV2 | Plane::ConfigV2 => envelope(StatusCode::OK, 0, "success", value),
    }
}

/// `ok`, as text on v1 and in an envelope on v2.
pub(super) fn done(plane: Plane) -> Response {
    if plane.is_v2() { data(plane, &"ok") } else { body(StatusCode::OK, TEXT, "ok") }
}

/// The v2 envelope.
pub(super) fn envelope(status: StatusCode, code: u32, message: &str, data: &impl Serialize) -> Response {
    #[derive(Serialize)]
    struct Envelope<'a, T> {
        code: u32,
        message: &'a str,
        data: &'a T,
    }
    json(status, JSON, &Envelope { code, message, data })
}

/// The older envelope of some v1 console and config calls.
pub(super) fn rest_result(plane: Plane, code: u32, message: Option<&str>, result: &impl Serialize) -> Response {
    #[derive(Serialize)]
    struct RestResult<'a, T> {
        code: u32,
        message: Option<&'a str>,
        data: &'a T,
    }
    data(plane, &RestResult { code, message, data: result })
}
