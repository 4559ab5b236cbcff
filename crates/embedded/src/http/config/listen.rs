//! The long poll of clients that listen to configs, and who is listening.

use std::time::Duration;

use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::names::{key, sent};
use crate::config::{ConfigKey, parse_listening};
use crate::http::App;
use crate::http::answer::{JSON_UTF8, body, data};
use crate::http::call::Call;
use crate::http::check;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::long_poll::Polled;

/// What the Java form encoding leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'*').remove(b'_');
/// A poll is answered this much before the client's own timeout …
const MARGIN_MS: u64 = 500;
/// … but never held shorter than this, …
const MIN_HOLD_MS: u64 = 10_000;
/// … nor longer than this.
const MAX_HOLD_MS: u64 = 120_000;

pub(super) async fn poll(app: App, call: Call, _: Plane) -> Outcome {
    let text = call.get("Listening-Configs").filter(|text| !text.is_empty());
    let listened = parse_listening(text.ok_or_else(|| Refusal::Invalid("invalid probeModify".to_owned()))?)?;
    for one in &listened {
        check::data_id(&one.key.data_id)?;
        check::group(&one.key.group)?;
        check::namespace(&one.key.tenant)?;
    }
    let timeout = call.header("long-pulling-timeout").and_then(|timeout| timeout.trim().parse::<u64>().ok());
    let is_held = !call.header("long-pulling-timeout-no-hangup").is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
    let polled = app.core.polls.poll(&call.client_ip, listened, &app.core.configs).map_err(|error| Refusal::Busy(error.to_string()))?;
    let changed = match (polled, timeout.filter(|_| is_held)) {
        (Polled::Changed(changed), _) => changed,
        (Polled::Waiting(_), None) => Vec::new(),
        (Polled::Waiting(mut waiting), Some(timeout)) => {
            let hold = timeout.saturating_sub(MARGIN_MS).clamp(MIN_HOLD_MS, MAX_HOLD_MS);
            tokio::select! {
                changed = waiting.changed() => changed,
                () = tokio::time::sleep(Duration::from_millis(hold)) => Vec::new(),
                () = app.shutdown.cancelled() => Vec::new(),
            }
        }
    };
    Ok(body(StatusCode::OK, JSON_UTF8, changed_text(&changed)))
}

/// Who listens to a config at this moment, with the md5 each has.
pub(super) async fn of_config(app: App, call: Call, plane: Plane) -> Outcome {
    let key = key(&call, plane)?;
    let listeners: Map<String, Value> = app.core.polls.listeners(&key).into_iter().map(|(ip, md5)| (ip, md5.into())).collect();
    Ok(data(plane, &json!({ "collectStatus": 200, "lisentersGroupkeyStatus": listeners })))
}

/// What a client listens to at this moment. Without `all` only what is in the public namespace, or in the one named.
pub(super) async fn of_client(app: App, call: Call, plane: Plane) -> Outcome {
    let ip = sent(&call, "ip", Asked::Framework)?;
    let (all, tenant) = (call.flag("all", false), call.text("tenant"));
    let shown = app.core.polls.listened_by(ip).into_iter().filter(|(key, _)| all || key.tenant.is_empty() || &*key.tenant == tenant);
    let named = shown.map(|(ConfigKey { tenant, group, data_id }, md5)| {
        let name = if tenant.is_empty() { format!("{data_id}+{group}") } else { format!("{data_id}+{group}+{tenant}") };
        (name, md5.into())
    });
    let listened: Map<String, Value> = named.collect();
    Ok(data(plane, &json!({ "collectStatus": 200, "lisentersGroupkeyStatus": listened })))
}

fn changed_text(changed: &[ConfigKey]) -> String {
    let mut text = String::new();
    for ConfigKey { tenant, group, data_id } in changed {
        text.extend(utf8_percent_encode(data_id, ENCODED));
        text.push_str("%02");
        text.extend(utf8_percent_encode(group, ENCODED));
        if !tenant.is_empty() {
            text.push_str("%02");
            text.extend(utf8_percent_encode(tenant, ENCODED));
        }
        text.push_str("%01");
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}
