//! A server that answers what a real one answered.
//!
//! A recording is a line of JSON: what was asked, the parameters that tell it apart (in the query or the form), status and
//! body verbatim. What was never recorded is answered as Nacos answers an unknown path.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::net::TcpListener;

use super::LOOPBACK;

#[derive(Clone, Debug, Deserialize)]
pub struct Recording {
    ask: String,
    with: HashMap<String, String>,
    status: u16,
    body: String,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and path.
    pub ask: String,
    /// Query and form, decoded.
    pub parameters: HashMap<String, String>,
    /// In lower case.
    pub headers: HashMap<String, String>,
    pub uri: String,
}

type Decide = dyn Fn(&Asked) -> Option<(u16, String)> + Send + Sync;

struct Replaying {
    recordings: Vec<Recording>,
    first: Box<Decide>,
    asked: Mutex<Vec<Asked>>,
}

/// A served replay; dropping it stops it.
pub struct Replay {
    /// Without a context path.
    pub origin: String,
    state: Arc<Replaying>,
    task: tokio::task::JoinHandle<()>,
}

impl Replay {
    /// Replays a recording (`2.5.1`, `3.0.3`), or nothing (empty).
    pub async fn start(recording: &str) -> Self {
        Self::with(recording, |_| None).await
    }

    /// The same, where `first` may answer before the recording does.
    pub async fn with(recording: &str, first: impl Fn(&Asked) -> Option<(u16, String)> + Send + Sync + 'static) -> Self {
        let text = match recording {
            "2.5.1" => include_str!("../recorded/nacos/2.5.1.jsonl"),
            "3.0.3" => include_str!("../recorded/nacos/3.0.3.jsonl"),
            _ => "",
        };
        let recordings = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let state = Arc::new(Replaying { recordings, first: Box::new(first), asked: Mutex::default() });
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { origin, state, task }
    }

    pub fn url(&self) -> String {
        format!("{}/nacos", self.origin)
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().clone()
    }

    pub fn count(&self, ask: &str) -> usize {
        self.state.asked.lock().iter().filter(|asked| asked.ask == ask).count()
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(state): State<Arc<Replaying>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let mut parameters = pairs(parts.uri.query().unwrap_or_default());
    parameters.extend(pairs(&String::from_utf8_lossy(&body)));
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap_or_default().to_owned())
    };
    let asked = Asked {
        ask: format!("{} {}", parts.method, parts.uri.path()),
        parameters,
        headers: parts.headers.iter().map(header).collect(),
        uri: parts.uri.to_string(),
    };
    state.asked.lock().push(asked.clone());
    let recorded = || {
        let fits = |recording: &&Recording| {
            recording.ask == asked.ask && recording.with.iter().all(|(name, value)| asked.parameters.get(name) == Some(value))
        };
        state.recordings.iter().find(fits).map(|recording| (recording.status, recording.body.clone()))
    };
    let (status, body) = (state.first)(&asked).or_else(recorded).unwrap_or_else(|| {
        (404, format!(r#"{{"timestamp":"2026-11-21T09:47:58.664+00:00","status":404,"error":"Not Found","path":"{}"}}"#, parts.uri.path()))
    });
    let kind = if body.starts_with(['{', '[']) {
        "application/json"
    } else if body.starts_with('<') {
        "text/html"
    } else {
        "text/plain"
    };
    (axum::http::StatusCode::from_u16(status).unwrap(), [("content-type", kind)], Body::from(body)).into_response()
}

fn pairs(text: &str) -> HashMap<String, String> {
    let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decode(name), decode(value))).collect()
}
