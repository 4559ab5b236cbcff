//! `/sd/prometheus`: every healthy instance as a target, in Prometheus' http_sd format.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::{Extension, Json};
use pilothouse_console::Rights;
use pilothouse_model::Instance;
use serde::Serialize;

use super::AppState;

/// One group of targets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct TargetGroup {
    /// `host:port`.
    targets: Vec<String>,
    /// Labels, with Prometheus' `__meta_` prefix.
    labels: BTreeMap<String, String>,
}

/// Instances that are healthy by a live source and in rotation. What a stale source said is left out.
#[utoipa::path(get, path = "/sd/prometheus", tag = "operations", responses((status = 200, body = Vec<TargetGroup>)))]
pub(crate) async fn targets(State(state): State<AppState>, Extension(rights): Extension<Rights>) -> Json<Vec<TargetGroup>> {
    let instances = state.console.instances(&rights);
    let in_rotation = |instance: &Instance| instance.enabled && instance.weight > 0.0 && instance.port != 0;
    let healthy = instances.iter().filter(|row| row.instance.health.healthy() == Some(true) && in_rotation(&row.instance));
    Json(healthy.map(|row| TargetGroup { targets: vec![row.instance.address()], labels: labels(&row.instance) }).collect())
}

fn labels(instance: &Instance) -> BTreeMap<String, String> {
    let key = &instance.key;
    let scope = &key.service.scope;
    let named = [
        ("registry", scope.registry.as_str()),
        ("namespace", scope.namespace.as_str()),
        ("group", &scope.group),
        ("service", &key.service.name),
        ("cluster", &key.cluster),
        ("instance", &key.instance.0),
    ];
    let mut labels: BTreeMap<_, _> = named.iter().map(|(name, value)| (format!("__meta_pilothouse_{name}"), (*value).to_owned())).collect();
    for (name, value) in &instance.metadata {
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        labels.insert(format!("__meta_pilothouse_metadata_{plain}"), value.clone());
    }
    labels
}
