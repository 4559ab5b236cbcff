//! A small Consul: what the adapter and its clients ask of one, answered in recorded shapes, with faults on demand.

mod keys;
mod recorded;
mod state;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

pub(crate) use state::{AGENT, Key, State};

/// What goes wrong with every request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    #[default]
    None,
    /// Answers with this.
    Answers(u16, &'static str),
    /// Never answers.
    Hangs,
    /// Lists are empty, as under a default policy of deny.
    Hides,
}

pub(crate) struct Inner {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    fault: watch::Sender<Fault>,
    asked: Mutex<Vec<String>>,
    under_way: Mutex<usize>,
}

/// A running fake; stopped when dropped.
pub(crate) struct FakeConsul {
    pub(crate) url: String,
    inner: Arc<Inner>,
    task: AbortHandle,
}

type Params = Query<HashMap<String, String>>;
type Consul = Shared<Arc<Inner>>;

impl FakeConsul {
    pub(crate) async fn start() -> Self {
        let inner = Arc::new(Inner {
            state: Mutex::new(State::new()),
            changed: watch::Sender::new(0),
            fault: watch::Sender::default(),
            asked: Mutex::default(),
            under_way: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = router(Arc::clone(&inner));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() }).abort_handle();
        Self { url, inner, task }
    }

    /// Changes the catalog behind everybody's back; whoever waits is woken.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.inner.change(change)
    }

    pub(crate) fn fails(&self, fault: Fault) {
        self.inner.fault.send_replace(fault);
    }

    /// Methods and paths with queries asked so far; forgets them.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.inner.asked.lock())
    }

    /// Requests that wait for their answer now.
    pub(crate) fn under_way(&self) -> usize {
        *self.inner.under_way.lock()
    }
}

impl Drop for FakeConsul {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inner {
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.state.lock());
        self.changed.send_modify(|n| *n += 1);
        outcome
    }

    /// Answers at once, or when the index has passed the asked one, or after the asked wait.
    async fn list(&self, params: &HashMap<String, String>, read: impl Fn(&State) -> (Value, u64)) -> Response {
        let asked: u64 = params.get("index").map_or(0, |index| index.parse().unwrap());
        let wait = params.get("wait").and_then(|wait| wait.strip_suffix("ms")?.parse().ok()).unwrap_or(300_000);
        let deadline = Instant::now() + Duration::from_millis(wait);
        let mut changed = self.changed.subscribe();
        loop {
            let (rows, index) = read(&self.state.lock());
            // A smaller index than the asked one is told at the end of the wait, as a real one does.
            if asked == 0 || index > asked || timeout_at(deadline, changed.changed()).await.is_err() {
                let (rows, index) = if asked == 0 { (rows, index) } else { read(&self.state.lock()) };
                return listed(&self.fault.borrow(), rows, index);
            }
        }
    }
}

fn listed(fault: &Fault, rows: Value, index: u64) -> Response {
    let (rows, policy) = match fault {
        Fault::Hides if rows.is_object() => (json!({}), "deny"),
        Fault::Hides => (json!([]), "deny"),
        _ => (rows, "allow"),
    };
    let headers = [
        ("Content-Type", "application/json".to_owned()),
        ("X-Consul-Index", index.to_string()),
        ("X-Consul-Knownleader", "true".to_owned()),
        ("X-Consul-Lastcontact", "0".to_owned()),
        ("X-Consul-Effective-Consistency", "leader".to_owned()),
        ("X-Consul-Default-Acl-Policy", policy.to_owned()),
    ];
    (headers, rows.to_string()).into_response()
}

fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/v1/catalog/datacenters", get(async || axum::Json(json!(["dc1"]))))
        .route("/v1/catalog/services", get(async |c: Consul, p: Params| c.list(&p, |s| (s.list(), s.services_at)).await))
        .route("/v1/catalog/nodes", get(async |c: Consul, p: Params| c.list(&p, |s| (s.nodes(), s.nodes_at)).await))
        .route(
            "/v1/catalog/node-services/{node}",
            get(async |c: Consul, Path(node): Path<String>, p: Params| c.list(&p, |s| (s.node_services(&node), s.nodes_at)).await),
        )
        .route(
            "/v1/health/service/{name}",
            get(async |c: Consul, Path(name): Path<String>, p: Params| c.list(&p, |s| (s.health(&name), s.index)).await),
        )
        .route("/v1/health/state/critical", get(async |c: Consul, p: Params| c.list(&p, |s| (s.critical(), s.checks_at)).await))
        .route("/v1/agent/self", get(async |c: Consul| c.state.lock().agent().to_string()))
        .route("/v1/agent/service/register", put(async |c: Consul, body: Bytes| c.change(|s| s.register(AGENT, &body_of(&body)))))
        .route(
            "/v1/agent/service/deregister/{id}",
            put(async |c: Consul, Path(id): Path<String>| known(c.change(|s| s.deregister(AGENT, &id)))),
        )
        .route("/v1/agent/service/maintenance/{id}", put(maintenance))
        .route("/v1/catalog/register", put(catalog_register))
        .route("/v1/catalog/deregister", put(catalog_deregister))
        .route("/v1/kv/{*key}", get(keys::get).put(keys::put).delete(keys::delete))
        .route("/v1/kv/", get(keys::list))
        .layer(from_fn_with_state(Arc::clone(&inner), faults))
        .with_state(inner)
}

async fn faults(Shared(consul): Consul, request: Request, next: Next) -> Response {
    struct UnderWay<'a>(&'a Inner);
    impl Drop for UnderWay<'_> {
        fn drop(&mut self) {
            *self.0.under_way.lock() -= 1;
        }
    }
    consul.asked.lock().push(format!("{} {}", request.method(), request.uri()));
    *consul.under_way.lock() += 1;
    let _under_way = UnderWay(&consul);
    let mut fault = consul.fault.subscribe();
    let fails = fault.wait_for(|fault| matches!(fault, Fault::Answers(..) | Fault::Hangs));
    let fault = tokio::select! {
        biased;
        fault = fails => fault.unwrap().clone(),
        answer = next.run(request) => return answer,
    };
    match fault {
        Fault::Answers(status, body) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
        _ => std::future::pending().await,
    }
}

async fn maintenance(Shared(consul): Consul, Path(id): Path<String>, Query(params): Params) -> Response {
    let check = format!("_service_maintenance:{id}");
    known(consul.change(|state| {
        match params["enable"].as_str() {
            "true" => state.check(AGENT, &check, &id, "critical", "maintenance"),
            _ => state.uncheck(AGENT, &check),
        }
        state.holds(AGENT, &id)
    }))
}

async fn catalog_register(Shared(consul): Consul, body: Bytes) -> &'static str {
    let body = body_of(&body);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    consul.change(|state| {
        let node = text(&body["Node"]);
        if body["SkipNodeUpdate"] != true {
            state.node(&node, &text(&body["Address"]), false);
        }
        if body["Service"].is_object() {
            let mut service = body["Service"].clone();
            service["Name"] = service["Service"].take();
            state.register(&node, &service);
        }
        if let check @ Value::Object(_) = &body["Check"] {
            state.check(&node, &text(&check["CheckID"]), &text(&check["ServiceID"]), &text(&check["Status"]), "");
        }
    });
    "true"
}

async fn catalog_deregister(Shared(consul): Consul, body: Bytes) -> &'static str {
    let body = body_of(&body);
    let node = body["Node"].as_str().unwrap();
    consul.change(|state| match (body["ServiceID"].as_str(), body["CheckID"].as_str()) {
        (Some(id), _) => drop(state.deregister(node, id)),
        (None, Some(check)) => state.uncheck(node, check),
        (None, None) => unreachable!("the adapter takes out no nodes"),
    });
    "true"
}

fn body_of(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap()
}

fn known(known: bool) -> Response {
    if known { StatusCode::OK.into_response() } else { (StatusCode::NOT_FOUND, "Unknown service ID").into_response() }
}
