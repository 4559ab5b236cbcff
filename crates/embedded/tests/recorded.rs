//! Exchanges recorded with a real Nacos 2.5.1, played against this registry.
//!
//! Every answer must equal the recorded one in status, headers that carry meaning, and body, but for times, ids and
//! the order of what is not ordered. An exchange marked `ours` is one we answer differently on purpose: it says
//! why, and the test fails when it is *not* different, so that the marks stay true.

mod support;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use support::{Answer, Registry};

#[derive(Deserialize)]
struct Exchange {
    at_ms: i64,
    #[serde(default)]
    step: Option<String>,
    request: Request,
    response: Response,
    #[serde(default)]
    ours: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// Fields whose values differ from run to run.
const VOLATILE: [&str; 9] = [
    "lastRefTime",
    "createTime",
    "modifyTime",
    "lastModified",
    "lastModifiedTime",
    "timestamp",
    "lastUpdatedTime",
    "lastRefreshTime",
    "lastBeat",
];
/// Headers that are compared; one that is absent must be absent.
const HEADERS: [&str; 5] = ["content-type", "config-type", "content-md5", "isbeta", "encrypted-data-key"];

async fn play(recording: &str) {
    let registry = Registry::open();
    let start = registry.clock.now();
    // Ids the recorded server gave out, and ours for the same thing.
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut step = String::new();
    for line in recording.lines() {
        let exchange: Exchange = serde_json::from_str(line).expect("a recorded exchange");
        if let Some(named) = exchange.step {
            step = named;
        }
        registry.clock.set(start + exchange.at_ms);
        let Request { method, mut path, headers, body } = exchange.request;
        let mut body = body.unwrap_or_default();
        for (recorded, ours) in &ids {
            path = path.replace(&format!("id={recorded}&"), &format!("id={ours}&"));
            body = body.replace(recorded.as_str(), ours);
        }
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = registry.call(&method, &path, &headers, body.clone()).await;
        let difference = compare(&exchange.response, &answer, &mut ids);
        match (difference, exchange.ours) {
            (Some(difference), None) => failures.push(format!("[{step}] {method} {path} {body}\n{difference}")),
            (None, Some(why)) => failures.push(format!("[{step}] {method} {path} {body}\n  no longer differs: {why}")),
            _ => {}
        }
    }
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}

fn compare(recorded: &Response, ours: &Answer, ids: &mut BTreeMap<String, String>) -> Option<String> {
    if recorded.status != ours.status.as_u16() {
        return Some(format!("  status {} is {}\n  recorded {}\n  ours     {}", recorded.status, ours.status, recorded.body, ours.body));
    }
    for name in HEADERS {
        let (recorded, ours) = (recorded.headers.get(name).map(String::as_str), ours.headers.get(name).map(String::as_str));
        if recorded != ours {
            return Some(format!("  header {name}: {recorded:?} is {ours:?}"));
        }
    }
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    let same = match (parsed(&recorded.body), parsed(&ours.body)) {
        (Some(mut recorded), Some(mut ours)) => {
            settle(&mut recorded);
            settle(&mut ours);
            pair_ids(&recorded, &ours, ids);
            without_ids(&mut recorded);
            without_ids(&mut ours);
            recorded == ours
        }
        _ => recorded.body == ours.body,
    };
    (!same).then(|| format!("  recorded {}\n  ours     {}", recorded.body, ours.body))
}

/// Takes out what differs from run to run, and puts what has no order into one.
fn settle(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !VOLATILE.contains(&name.as_str()));
            for (name, value) in fields.iter_mut() {
                settle(value);
                if let (Value::Array(items), false) = (value, name == "pageItems") {
                    items.sort_by_key(key);
                }
            }
        }
        Value::Array(items) => {
            items.iter_mut().for_each(settle);
            items.sort_by_key(key);
        }
        _ => {}
    }
}

fn key(value: &Value) -> String {
    let mut value = value.clone();
    without_ids(&mut value);
    value.to_string()
}

fn pair_ids(recorded: &Value, ours: &Value, ids: &mut BTreeMap<String, String>) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            if let (Some(Value::String(recorded)), Some(Value::String(ours))) = (recorded.get("id"), ours.get("id")) {
                ids.insert(recorded.clone(), ours.clone());
            }
            recorded
                .iter()
                .filter_map(|(name, value)| Some((value, ours.get(name)?)))
                .for_each(|(recorded, ours)| pair_ids(recorded, ours, ids));
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            recorded.iter().zip(ours).for_each(|(recorded, ours)| pair_ids(recorded, ours, ids));
        }
        _ => {}
    }
}

fn without_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("id");
            fields.values_mut().for_each(without_ids);
        }
        Value::Array(items) => items.iter_mut().for_each(without_ids),
        _ => {}
    }
}

#[tokio::test(start_paused = true)]
async fn instances_and_services() {
    play(include_str!("recorded/instances.jsonl")).await;
}

#[tokio::test(start_paused = true)]
async fn configs() {
    play(include_str!("recorded/configs.jsonl")).await;
}

#[tokio::test(start_paused = true)]
async fn errors() {
    play(include_str!("recorded/errors.jsonl")).await;
}

#[tokio::test(start_paused = true)]
async fn namespaces() {
    play(include_str!("recorded/namespaces.jsonl")).await;
}

#[tokio::test(start_paused = true)]
async fn disabled_instances() {
    play(include_str!("recorded/disabled.jsonl")).await;
}
