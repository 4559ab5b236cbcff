//! Beats. The code in the body says what to do: 10200 go on, 20404 register again.

use serde::{Deserialize, Serialize};

use super::names::{address, grouped_service, service};
use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Address, Beat, BeatAnswer, DEFAULT_CLUSTER, Metadata, Periods, Registration};

/// The instance as a heavy beat carries it.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Body {
    ip: Option<String>,
    port: u16,
    weight: f64,
    cluster: Option<String>,
    metadata: Option<Metadata>,
}

impl Default for Body {
    fn default() -> Self {
        Self { ip: None, port: 0, weight: 1.0, cluster: None, metadata: None }
    }
}

pub(super) async fn beat(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        client_beat_interval: i64,
        code: u32,
        light_beat_enabled: bool,
    }
    let key = if plane == Plane::NamingV2 { grouped_service(&call)? } else { service(&call, Asked::Own)? };
    let beat = match call.filled("beat") {
        Some(text) => full(text)?,
        None => Beat { address: address(&call, Asked::Own)?, full: None },
    };
    let answer = app.core.naming.write().beat(&key, beat, app.core.now())?;
    let (interval, code) = match answer {
        BeatAnswer::Known { interval, changed } => {
            if changed {
                app.core.touched(&key);
            }
            (interval, 10200)
        }
        BeatAnswer::Unknown => (Periods::DEFAULT.interval, 20404),
    };
    Ok(data(plane, &Answer { client_beat_interval: interval, code, light_beat_enabled: true }))
}

fn full(text: &str) -> Result<Beat, Refusal> {
    let body: Body = serde_json::from_str(text).map_err(|error| {
        let text = format!(
            "Server failed, caused: errCode: 101, errMsg: Nacos deserialize for class [com.alibaba.nacos.naming.healthcheck.RsInfo] failed, cause error[{error}].  ;"
        );
        Refusal::Page(http::StatusCode::INTERNAL_SERVER_ERROR, text)
    })?;
    let ip = body.ip.filter(|ip| !ip.is_empty()).ok_or(Refusal::Missing { name: "ip", java: "String", asked: Asked::Own })?;
    crate::http::check::ip(&ip)?;
    let metadata = body.metadata.unwrap_or_default();
    crate::http::check::metadata(&metadata)?;
    let address = Address::new(&ip, body.port);
    let cluster = body.cluster.filter(|cluster| !cluster.is_empty()).unwrap_or_else(|| DEFAULT_CLUSTER.to_owned());
    let full = Registration {
        address: address.clone(),
        cluster: cluster.into(),
        weight: body.weight,
        enabled: true,
        healthy: true,
        metadata,
        with_id: true,
    };
    Ok(Beat { address, full: Some(full) })
}
