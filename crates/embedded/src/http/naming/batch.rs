//! Metadata of many instances at once.

use serde::Deserialize;

use super::metadata::metadata;
use super::names::{asked, service};
use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Address, BatchEdit, DEFAULT_CLUSTER, EditTarget, NamingRecord};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    ip: String,
    port: u16,
    cluster_name: Option<String>,
}

pub(super) async fn merge(app: App, call: Call, plane: Plane) -> Outcome {
    batch(app, call, plane, BatchEdit::Merge).await
}

pub(super) async fn remove(app: App, call: Call, plane: Plane) -> Outcome {
    batch(app, call, plane, BatchEdit::Remove).await
}

async fn batch(app: App, call: Call, plane: Plane, how: BatchEdit) -> Outcome {
    let key = service(&call, asked(plane))?;
    let metadata = metadata(&call)?.ok_or(Refusal::Missing { name: "metadata", java: "String", asked: Asked::Own })?;
    let targets = targets(&call)?;
    let kind = match app.core.naming.read().service(&key) {
        Some(service) if !service.ephemeral => "persist",
        _ => "ephemeral",
    };
    let records = app.core.change_naming(move |naming| Ok(naming.batch(&key, &targets, how, &metadata))).await?;
    let updated = records.iter().filter_map(|record| match record {
        NamingRecord::Edited { target, .. } => Some(format!("{}:unknown:{}:{kind}", target.address, target.cluster)),
        _ => None,
    });
    Ok(data(plane, &serde_json::json!({ "updated": updated.collect::<Vec<_>>() })))
}

fn targets(call: &Call) -> Result<Vec<EditTarget>, Refusal> {
    let Some(text) = call.filled("instances") else { return Ok(Vec::new()) };
    let targets: Vec<Target> = serde_json::from_str(text).map_err(|error| {
        let text =
            format!("Server failed, caused: errCode: 101, errMsg: Nacos deserialize for the instances failed, cause error[{error}].  ;");
        Refusal::Page(http::StatusCode::INTERNAL_SERVER_ERROR, text)
    })?;
    let target = |target: Target| EditTarget {
        address: Address::new(&target.ip, target.port),
        cluster: target.cluster_name.as_deref().unwrap_or(DEFAULT_CLUSTER).into(),
    };
    Ok(targets.into_iter().map(target).collect())
}
