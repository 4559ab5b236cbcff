//! The gray content of a config: read it, take it back.

use serde::Serialize;

use super::names::{key, written_key};
use crate::config::{Beta, ConfigKey};
use crate::http::App;
use crate::http::answer::rest_result;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::Asked;

pub(super) async fn read(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Detail<'a> {
        id: String,
        data_id: &'a str,
        group: &'a str,
        content: &'a str,
        md5: &'a str,
        encrypted_data_key: Option<()>,
        tenant: &'a str,
        app_name: &'a str,
        r#type: Option<()>,
        beta_ips: &'a str,
    }
    let key = key(&call, plane)?;
    let ConfigKey { tenant, group, data_id } = &key;
    let configs = app.core.configs.read();
    let detail = configs.beta(&key).map(|Beta { id, content, md5, ips, app, .. }| Detail {
        id: id.to_string(),
        data_id,
        group,
        content,
        md5,
        encrypted_data_key: None,
        tenant,
        app_name: app,
        r#type: None,
        beta_ips: ips,
    });
    Ok(rest_result(plane, 200, Some("query beta ok"), &detail))
}

pub(super) async fn stop(app: App, call: Call, plane: Plane) -> Outcome {
    let key = written_key(&call, plane, Asked::Framework)?;
    let ip = call.client_ip;
    let stopped = app.core.change_config(key.clone(), move |configs, now| Ok(configs.stop_beta(&key, &ip, now))).await?;
    Ok(if stopped {
        rest_result(plane, 200, Some("stop beta ok"), &true)
    } else {
        rest_result(plane, 500, Some("remove beta data error"), &false)
    })
}
