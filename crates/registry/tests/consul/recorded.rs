//! Every health row a real Consul was recorded with, as the adapter reads it.

use axum::http::Uri;
use pilothouse_model::Instance;
use pilothouse_registry::Entry;
use serde_json::Value;

use crate::fixture::Agent;
use crate::watching::service;

const CATALOG: &str = include_str!("../recorded/consul/catalog.jsonl");

/// What the recording asked for a service's health, by step; each answer with rows in it.
fn exchanges() -> Vec<(String, String, String)> {
    let mut step = String::new();
    let mut found = Vec::new();
    for line in CATALOG.lines() {
        let exchange: Value = serde_json::from_str(line).unwrap();
        if let Some(name) = exchange["step"].as_str() {
            step = name.to_owned();
        }
        let (path, body) = (exchange["request"]["path"].as_str().unwrap(), exchange["response"]["body"].as_str().unwrap());
        if path.starts_with("/v1/health/service/") && body != "[]" {
            found.push((step.clone(), path.to_owned(), body.to_owned()));
        }
    }
    found
}

fn line(instance: &Instance) -> String {
    let Instance { key, weight, enabled, health, heartbeat, metadata, .. } = instance;
    let health = if health.healthy() == Some(true) { "well" } else { "ill" };
    let enabled = if *enabled { "" } else { " off" };
    let every = heartbeat.interval_ms.map(|ms| format!(" every {ms}")).unwrap_or_default();
    let metadata: String =
        metadata.iter().filter(|(key, _)| matches!(key.as_str(), "tags" | "zone")).map(|(k, v)| format!(" {k}={v}")).collect();
    format!("{} {} x{weight} {health}{enabled} {:?}{every}{metadata}", key.instance, instance.address(), heartbeat.via)
}

#[tokio::test]
async fn recorded_rows_are_read_as_they_were_meant() {
    let mut read = Vec::new();
    for (step, path, body) in exchanges() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = path.clone();
        let app = axum::Router::new().fallback(async move |uri: Uri| {
            assert_eq!(uri.path(), asked);
            body
        });
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let name =
            percent_encoding::percent_decode_str(path.strip_prefix("/v1/health/service/").unwrap()).decode_utf8().unwrap().into_owned();
        let entries = Agent::new(&url, None).registry().service(&service(&name)).await.unwrap();
        server.abort();
        assert!(matches!(&entries[0], Entry::Service(read) if *read.key.name == *name));
        let lines = entries.iter().filter_map(|entry| if let Entry::Instance(instance) = entry { Some(line(instance)) } else { None });
        read.push(format!("{step}: {}", lines.collect::<Vec<_>>().join("; ")));
    }
    let expected = [
        "an agent alone: dev1/consul 127.0.0.1:45221 x1 well Nothing",
        "an instance without a check: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z1",
        "its metadata alone changes: the index of the catalog moves, its content does not: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2",
        "a TTL check is born critical: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2; dev1/web-2 127.0.0.1:8081 x1 ill Ttl",
        "it passes: only the checks move: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2; dev1/web-2 127.0.0.1:8081 x1 well Ttl",
        "it warns: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2; dev1/web-2 127.0.0.1:8081 x1 well Ttl",
        "it fails: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2; dev1/web-2 127.0.0.1:8081 x1 ill Ttl",
        "an HTTP check with an interval: dev1/api-1 127.0.0.1:9 x1 well Check every 90000",
        "maintenance of an instance: dev1/web-1 10.0.0.1:8080 x7 well off Nothing tags=blue,v2 zone=z2; dev1/web-2 127.0.0.1:8081 x1 ill Ttl",
        "maintenance of an instance: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2; dev1/web-2 127.0.0.1:8081 x1 ill Ttl",
        "maintenance of the node: dev1/api-1 127.0.0.1:9 x1 well off Check every 90000",
        "a node without an agent: outside/ext-1 10.9.9.9:53 x1 well Check",
        "maintenance written to the catalog: outside/ext-1 10.9.9.10:53 x1 well off Check",
        "maintenance written to the catalog: outside/ext-1 10.9.9.10:53 x1 well Check",
        "deregistering: dev1/web-1 10.0.0.1:8080 x7 well Nothing tags=blue,v2 zone=z2",
        "awkward names: dev1/awk/1 % 127.0.0.1:1 x1 well Nothing",
    ];
    assert_eq!(read, expected, "{read:#?}");
}
