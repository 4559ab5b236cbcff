//! One instance: register, update, patch, deregister, look at.

use serde::Serialize;

use super::metadata::metadata;
use super::names::{asked, cluster, grouped_service, service, target};
use crate::http::App;
use crate::http::answer::{data, done};
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Edit, Metadata, NamingError, NamingRecord, Patch, Registration};

pub(super) async fn register(app: App, call: Call, plane: Plane) -> Outcome {
    let key = service(&call, asked(plane))?;
    let target = target(&call, asked(plane))?;
    let registration = Registration {
        address: target.address,
        cluster: target.cluster,
        weight: weight(&call)?.unwrap_or(1.0),
        enabled: enabled(&call, true),
        healthy: call.flag("healthy", true),
        metadata: metadata(&call)?.unwrap_or_default(),
        with_id: plane == Plane::NamingV1,
    };
    let now = app.core.now();
    if call.flag("ephemeral", true) {
        if app.core.naming.write().register(&key, registration, now)? {
            app.core.touched(&key);
        }
    } else {
        app.core.naming.write().reserve_persistent(&key, &registration, now)?;
        app.core.change_naming(move |_| Ok(vec![NamingRecord::Instance { key, registration }])).await?;
    }
    Ok(done(plane))
}

pub(super) async fn update(app: App, call: Call, plane: Plane) -> Outcome {
    let key = service(&call, asked(plane))?;
    let target = target(&call, asked(plane))?;
    let edit = Edit {
        weight: checked(weight(&call)?.unwrap_or(1.0))?,
        enabled: enabled(&call, true),
        metadata: metadata(&call)?.unwrap_or_default(),
    };
    app.core.change_naming(move |naming| Ok(vec![naming.edit(&key, target, edit)?])).await?;
    Ok(done(plane))
}

pub(super) async fn patch(app: App, call: Call, plane: Plane) -> Outcome {
    let key = if plane == Plane::NamingV2 {
        call.filled("enabled").ok_or(Refusal::Missing { name: "enabled", java: "Boolean", asked: Asked::Framework })?;
        grouped_service(&call)?
    } else {
        service(&call, asked(plane))?
    };
    let target = target(&call, asked(plane))?;
    let patch = Patch {
        weight: weight(&call)?.map(checked).transpose()?,
        enabled: call.filled("enabled").or_else(|| call.filled("enable")).map(|_| enabled(&call, true)),
        metadata: metadata(&call)?,
    };
    app.core.change_naming(move |naming| Ok(vec![naming.patch(&key, target, patch)?])).await?;
    Ok(done(plane))
}

pub(super) async fn deregister(app: App, call: Call, plane: Plane) -> Outcome {
    let key = service(&call, asked(plane))?;
    let target = target(&call, asked(plane))?;
    if call.flag("ephemeral", true) {
        if app.core.naming.write().deregister(&key, &target.address, app.core.now()) {
            app.core.touched(&key);
        }
    } else {
        app.core.change_naming(move |naming| Ok(naming.deregister_persistent(&key, target).into_iter().collect())).await?;
    }
    Ok(done(plane))
}

pub(super) async fn detail(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Detail<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        service_name: Option<&'a str>,
        ip: &'a str,
        port: u16,
        cluster_name: &'a str,
        weight: f64,
        healthy: bool,
        instance_id: String,
        metadata: &'a Metadata,
    }
    let asked = if plane == Plane::NamingV2 { Asked::Framework } else { Asked::Own };
    let key = service(&call, asked)?;
    let target = target(&call, asked)?;
    let cluster = cluster(&call)?;
    let view = {
        let naming = app.core.naming.read();
        let of_cluster = naming.service(&key).filter(|service| service.cluster_len(cluster) > 0);
        let service = of_cluster.ok_or_else(|| NamingError::ClusterEmpty { cluster: cluster.to_owned(), service: key.grouped() })?;
        let entry = service.instance(&target.address).filter(|entry| entry.view.cluster == target.cluster);
        std::sync::Arc::clone(&entry.ok_or(NamingError::InstanceUnknown)?.view)
    };
    let is_v2 = plane == Plane::NamingV2;
    let (ip, port) = (&*view.address.ip, view.address.port);
    Ok(data(
        plane,
        &Detail {
            service: (!is_v2).then_some(&view.service),
            service_name: is_v2.then_some(&view.service),
            ip,
            port,
            cluster_name: &view.cluster,
            weight: view.weight,
            healthy: view.healthy,
            instance_id: format!("{ip}#{port}#{}#{}", view.cluster, view.service),
            metadata: &view.metadata,
        },
    ))
}

fn weight(call: &Call) -> Result<Option<f64>, Refusal> {
    call.filled("weight").map(|text| text.parse().map_err(|_| Refusal::NotA { java: "double", value: text.to_owned() })).transpose()
}

/// The same bound for an operator as for a client.
fn checked(weight: f64) -> Result<f64, Refusal> {
    if (0.0..=10_000.0).contains(&weight) { Ok(weight) } else { Err(NamingError::Weight.into()) }
}

fn enabled(call: &Call, default: bool) -> bool {
    if call.filled("enabled").is_some() { call.flag("enabled", default) } else { call.flag("enable", default) }
}
