//! The operator's view: every instance, disabled ones too, with its real health. Each ephemeral instance also
//! carries `lastBeat` (ms), which Nacos does not tell.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::names::{group, key, namespace, service as named};
use crate::http::App;
use crate::http::answer::{data, envelope};
use crate::http::call::Call;
use crate::http::check::{self, number};
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Definition, Entry, InstanceView, NamingError, Service, ServiceKey, ServiceQuery};

const INT: &str = "int";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CatalogInstance {
    #[serde(flatten)]
    view: Arc<InstanceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_beat: Option<i64>,
}

impl CatalogInstance {
    fn of(entry: &Entry) -> Self {
        Self { view: Arc::clone(&entry.view), last_beat: entry.view.ephemeral.then_some(entry.last_beat) }
    }
}

pub(super) async fn services(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Row {
        name: Arc<str>,
        group_name: Arc<str>,
        cluster_count: usize,
        ip_count: usize,
        healthy_instance_count: usize,
        trigger_flag: &'static str,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Page {
        count: usize,
        service_list: Vec<Row>,
    }
    let query = ServiceQuery {
        namespace: namespace(&call)?,
        name: call.text("serviceNameParam"),
        group: call.text("groupNameParam"),
        with_instances_only: call.flag("hasIpCount", false),
        page: page_number(&call, "pageNo")?,
        size: page_number(&call, "pageSize")?,
    };
    let naming = app.core.naming.read();
    let page = naming.page(&query);
    if call.flag("withInstances", false) {
        let details: Vec<Value> = page.services.into_iter().map(with_instances).collect();
        return Ok(data(plane, &details));
    }
    let row = |service: &Service| Row {
        name: Arc::clone(&service.key.name),
        group_name: Arc::clone(&service.key.group),
        cluster_count: service.clusters().len(),
        ip_count: service.len(),
        healthy_instance_count: service.healthy(),
        trigger_flag: if service.triggered() { "true" } else { "false" },
    };
    let page = Page { count: page.count, service_list: page.services.into_iter().map(row).collect() };
    drop(naming);
    Ok(data(plane, &page))
}

pub(super) async fn service(app: App, call: Call, plane: Plane) -> Outcome {
    let Some(name) = call.filled("serviceName") else {
        return Err(NamingError::CatalogServiceUnknown("@@".to_owned()).into());
    };
    let key = key(&call, name)?;
    let naming = app.core.naming.read();
    let service = naming.service(&key).ok_or_else(|| NamingError::CatalogServiceUnknown(key.grouped()))?;
    let grouped = key.grouped();
    let cluster = |name: &Arc<str>| {
        json!({
            "serviceName": grouped, "name": &**name, "healthChecker": health_checker(service), "defaultPort": 80,
            "defaultCheckPort": 80, "useIPPort4Check": true, "metadata": {},
        })
    };
    let clusters: Vec<Value> = service.clusters().map(cluster).collect();
    let definition = service.definition.as_ref();
    let answer = json!({
        "service": {
            "name": &*key.name, "groupName": &*key.group,
            "protectThreshold": definition.map_or(0.0, Definition::threshold),
            "selector": { "type": "none", "contextType": "NONE" },
            "metadata": definition.map(|definition| &definition.metadata).unwrap_or(&crate::naming::Metadata::new()),
        },
        "clusters": clusters,
    });
    Ok(data(plane, &answer))
}

pub(super) async fn instances(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    struct Page {
        list: Vec<CatalogInstance>,
        count: usize,
    }
    let key = named(&call, Asked::Framework)?;
    let missing = |name| Refusal::Missing { name, java: INT, asked: Asked::Framework };
    let cluster = call.get("clusterName").ok_or(missing("clusterName"))?.trim();
    check::cluster(cluster)?;
    let (page, size) = required_page(&call)?;
    let page = {
        let naming = app.core.naming.read();
        let service = known(&naming, &key)?;
        let count = service.cluster_len(cluster);
        if count == 0 {
            return Err(NamingError::CatalogClusterUnknown(cluster.to_owned()).into());
        }
        let entries = service.instances().filter(|entry| &*entry.view.cluster == cluster);
        Page { list: entries.skip(first(page, size)).take(taken(page, size)).map(CatalogInstance::of).collect(), count }
    };
    Ok(data(plane, &page))
}

/// The v2 form: all clusters together. It words its refusals as v1 does.
pub(super) async fn instances_v2(app: App, call: Call, _: Plane) -> Outcome {
    #[derive(Serialize)]
    struct Page {
        #[serde(skip_serializing_if = "Vec::is_empty")]
        instances: Vec<CatalogInstance>,
        count: usize,
    }
    let key = named(&call, Asked::Framework)?;
    let (page, size) = required_page(&call)?;
    let healthy_only = call.flag("healthyOnly", false);
    let page = {
        let naming = app.core.naming.read();
        let service = known(&naming, &key)?;
        let wanted = || service.instances().filter(|entry| !healthy_only || entry.view.healthy);
        let instances = wanted().skip(first(page, size)).take(taken(page, size)).map(CatalogInstance::of).collect();
        Page { instances, count: wanted().count() }
    };
    Ok(envelope(http::StatusCode::OK, 0, "success", &page))
}

/// What checks the health of a service's instances: nothing here probes a persistent one.
pub(super) fn health_checker(service: &Service) -> Value {
    json!({ "type": if service.ephemeral { "TCP" } else { "NONE" } })
}

fn with_instances(service: &Service) -> Value {
    let hosts = |name: &Arc<str>| {
        let views = service.instances().map(|entry| &entry.view).filter(|view| view.cluster == *name);
        let host = |view: &Arc<InstanceView>| {
            json!({
                "valid": view.healthy, "metadata": view.metadata, "port": view.address.port, "ip": &*view.address.ip,
                "weight": view.weight, "enabled": view.enabled,
            })
        };
        let hosts: Vec<Value> = views.map(host).collect();
        (name.to_string(), json!({ "clusterName": null, "healthChecker": null, "metadata": null, "hosts": hosts }))
    };
    let clusters: serde_json::Map<String, Value> = service.clusters().map(hosts).collect();
    let metadata = service.definition.as_ref().map(|definition| definition.metadata.clone()).unwrap_or_default();
    json!({
        "namespace": null, "serviceName": &*service.key.name, "groupName": &*service.key.group, "clusterMap": clusters,
        "metadata": metadata, "protectThreshold": 0.0, "selector": null, "ephemeral": null,
    })
}

fn known<'a>(naming: &'a crate::naming::Naming, key: &ServiceKey) -> Result<&'a Service, Refusal> {
    naming.service(key).ok_or_else(|| NamingError::CatalogServiceUnknown(key.grouped()).into())
}

fn page_number(call: &Call, name: &'static str) -> Result<usize, Refusal> {
    let number = number(call, name, INT)?.ok_or_else(|| {
        let text = format!(
            "caused: Optional int parameter '{name}' is present but cannot be translated into a null value due to being declared as a primitive type. Consider declaring it as object wrapper for the corresponding primitive type.;"
        );
        Refusal::Unknown { status: http::StatusCode::INTERNAL_SERVER_ERROR, code: 30000, message: "server error", text }
    })?;
    Ok(usize::try_from(number).unwrap_or(1))
}

fn required_page(call: &Call) -> Result<(i64, i64), Refusal> {
    let required = |name| number(call, name, INT)?.ok_or(Refusal::Missing { name, java: INT, asked: Asked::Framework });
    let _ = group(call)?;
    Ok((required("pageNo")?, required("pageSize")?))
}

fn first(page: i64, size: i64) -> usize {
    usize::try_from(page.saturating_sub(1).saturating_mul(size)).unwrap_or(0)
}

/// Page 0 is empty.
fn taken(page: i64, size: i64) -> usize {
    if page < 1 { 0 } else { usize::try_from(size).unwrap_or(0) }
}
