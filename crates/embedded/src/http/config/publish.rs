//! Publishing and deleting.

use super::names::{sent, written_key};
use crate::config::Publish;
use crate::http::App;
use crate::http::answer::{data, rest_result};
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};

pub(super) async fn publish(app: App, call: Call, plane: Plane) -> Outcome {
    let asked = if plane.is_v2() { Asked::Form } else { Asked::Framework };
    let key = written_key(&call, plane, asked)?;
    sent(&call, "content", asked)?;
    if call.filled("tag").is_some() {
        return Err(Refusal::Invalid("publishing by tag is not supported by this registry, use betaIps".to_owned()));
    }
    let core = app.core;
    core.change_config(key.clone(), move |configs, now| {
        let tags = if plane.is_v2() { call.get("configTags").or_else(|| call.get("config_tags")) } else { call.get("config_tags") };
        let publish = Publish {
            content: call.get("content").unwrap_or_default(),
            cas_md5: call.header("casmd5"),
            beta_ips: call.header("betaips"),
            kind: call.filled("type"),
            app: call.get("appName"),
            description: call.get("desc"),
            tags: tags.filter(|tags| !tags.is_empty()),
            source_ip: &call.client_ip,
        };
        configs.publish(&key, &publish, now).map(Some)
    })
    .await?;
    Ok(data(plane, &true))
}

pub(super) async fn delete(app: App, call: Call, plane: Plane) -> Outcome {
    let key = written_key(&call, plane, Asked::Framework)?;
    let ip = call.client_ip;
    app.core.change_config(key.clone(), move |configs, now| Ok(configs.delete(&key, &ip, now))).await?;
    Ok(data(plane, &true))
}

/// Deletes by config ids; unknown ones are passed over.
pub(super) async fn delete_ids(app: App, call: Call, plane: Plane) -> Outcome {
    let ids = sent(&call, "ids", Asked::Framework)?;
    let ids = ids
        .split(',')
        .filter(|id| !id.is_empty())
        .map(|id| id.trim().parse::<u64>().map_err(|_| Refusal::NotA { java: "java.util.List", value: id.to_owned() }));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let keys: Vec<_> = {
        let configs = app.core.configs.read();
        ids.iter().filter_map(|id| configs.key_of(*id).cloned()).collect()
    };
    for key in keys {
        let ip = call.client_ip.clone();
        app.core.change_config(key.clone(), move |configs, now| Ok(configs.delete(&key, &ip, now))).await?;
    }
    Ok(rest_result(plane, 200, None, &true))
}
