//! The KV store of the fake.

use axum::body::Bytes;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::state::Key;
use super::{Consul, Params};

pub(super) async fn list(Shared(consul): Consul, Query(params): Params) -> Response {
    assert!(params.contains_key("keys"), "only names are listed");
    consul.list(&params, |state| (json!(state.keys.keys().collect::<Vec<_>>()), state.keys_at)).await
}

pub(super) async fn get(Shared(consul): Consul, Path(key): Path<String>) -> Response {
    match consul.state.lock().key_row(&key) {
        Some(row) => row.to_string().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(super) async fn put(Shared(consul): Consul, Path(name): Path<String>, Query(params): Params, value: Bytes) -> &'static str {
    let number = |name: &str| params.get(name).map(|text| text.parse::<u64>().unwrap());
    let done = consul.change(|state| {
        let present = state.keys.get(&name);
        if number("cas").is_some_and(|cas| present.map_or(0, |key| key.modified) != cas) {
            return false;
        }
        let flags = number("flags").unwrap_or(0);
        if present.is_none_or(|key| key.value != value || key.flags != flags) {
            let created = present.map(|key| key.created);
            state.index += 1;
            state.keys_at = state.index;
            let key = Key { value: value.to_vec(), flags, created: created.unwrap_or(state.index), modified: state.index };
            state.keys.insert(name, key);
        }
        true
    });
    if done { "true" } else { "false" }
}

pub(super) async fn delete(Shared(consul): Consul, Path(name): Path<String>, Query(params): Params) -> &'static str {
    let cas: u64 = params["cas"].parse().unwrap();
    let done = consul.change(|state| {
        let same = state.keys.get(&name).is_none_or(|key| key.modified == cas);
        if same && state.keys.remove(&name).is_some() {
            state.index += 1;
            state.keys_at = state.index;
        }
        same
    });
    if done { "true" } else { "false" }
}
