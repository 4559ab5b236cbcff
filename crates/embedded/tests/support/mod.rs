//! A registry for tests: in a folder of its own, with a clock that is set, asked without a socket.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use pilothouse_embedded::{Clock, Embedded, EmbeddedConfig};
use serde_json::Value;
use tower::ServiceExt;

/// A clock that stands still until it is set.
#[derive(Clone, Debug)]
pub(crate) struct SetClock(Arc<AtomicI64>);

impl SetClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_795_254_433_600)))
    }

    pub(crate) fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn set(&self, now: i64) {
        self.0.store(now, Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.now()
    }
}

pub(crate) struct Registry {
    pub(crate) embedded: Embedded,
    pub(crate) clock: SetClock,
    _folder: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Registry {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::new();
        let config = EmbeddedConfig { data_dir: folder.path().to_owned(), clock: Arc::new(clock.clone()) };
        Self { embedded: Embedded::open(config).unwrap(), clock, _folder: folder }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.embedded.router().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let status = response.status();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], "").await
    }

    /// Sends a form, and expects 200.
    pub(crate) async fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        let answer = self.call(method, path, &[("content-type", "application/x-www-form-urlencoded")], form.to_owned()).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {path} {form}: {}", answer.body);
        answer
    }

    /// Lets time pass in the steps the sweep takes.
    pub(crate) async fn pass(&self, ms: i64) {
        for step in (0..ms).step_by(5_000) {
            self.clock.advance(5_000.min(ms - step));
            self.embedded.sweep().await;
        }
    }
}
