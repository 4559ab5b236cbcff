//! `GET /api/v1/stream` and `PUT /api/v1/stream/{id}/topics`.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::StreamBody;
use hyper::body::Frame;
use pilothouse_api::{Problem, ProblemCode, Topic, TopicsRequest};
use pilothouse_console::Rights;
use pilothouse_hub::{Cursor, OpenError};
use serde::Deserialize;

use super::{AppState, ProblemAnswer};

/// Query of the stream.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamQuery {
    topics: Option<String>,
    cursor: Option<String>,
}

/// Server-sent events of the topics asked for.
#[utoipa::path(get, path = "/api/v1/stream", tag = "stream",
    params(("topics" = String, Query, description = "comma-separated: totals, registries, services, service:<id>, ledger, horizon"),
           ("cursor" = Option<String>, Query, description = "id of the last event taken in; `Last-Event-ID` goes before it")),
    responses((status = 200, description = "text/event-stream: hello, then snapshot and delta events, reset, bye"), (status = 400, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn open(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    query: Result<Query<StreamQuery>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ProblemAnswer> {
    let Query(query) = query?;
    let topics = parse_topics(query.topics.as_deref().unwrap_or_default().split(','))?;
    let last_event = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let cursor = last_event
        .or(query.cursor)
        .map(|text| text.parse::<Cursor>().map_err(|error| ProblemAnswer::invalid("cursor", error.to_string())))
        .transpose()?;
    let stream = state.hub.stream(rights, topics, cursor.as_ref()).map_err(|error| refused(&error))?;
    let frames = futures::stream::unfold(stream, |mut stream| async move {
        let bytes = stream.next().await?;
        Some((Ok::<_, Infallible>(Frame::data(bytes)), stream))
    });
    let mut response = Body::new(StreamBody::new(frames)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Changes what an open stream follows.
#[utoipa::path(put, path = "/api/v1/stream/{id}/topics", tag = "stream", params(("id" = String, Path, description = "from `hello`")),
    responses((status = 204, description = "changed; new topics begin with a snapshot"), (status = 400, body = Problem), (status = 404, body = Problem, description = "not open here: reopen")))]
pub(crate) async fn set_topics(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    Path(id): Path<String>,
    request: Result<Json<TopicsRequest>, JsonRejection>,
) -> Result<StatusCode, ProblemAnswer> {
    let Json(request) = request?;
    let topics = parse_topics(request.topics.iter().map(String::as_str))?;
    match state.hub.set_topics(&id, &rights, topics).map_err(|error| refused(&error))? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(unknown) => Err(Problem::new(404, ProblemCode::NotFound, "The stream is gone", unknown.to_string()).into()),
    }
}

fn parse_topics<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<Topic>, ProblemAnswer> {
    let parsed: Result<Vec<Topic>, _> = texts.map(str::trim).filter(|text| !text.is_empty()).map(str::parse).collect();
    let mut topics = parsed.map_err(|unknown| ProblemAnswer::invalid("topics", unknown.to_string()))?;
    topics.sort_unstable();
    topics.dedup();
    Ok(topics)
}

fn refused(error: &OpenError) -> ProblemAnswer {
    match error {
        OpenError::TooManyStreams => Problem::new(503, ProblemCode::Internal, "Too many streams", error.to_string()).into(),
        OpenError::TooManyTopics | OpenError::NoTopic => ProblemAnswer::invalid("topics", error.to_string()),
    }
}
