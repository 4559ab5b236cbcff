//! Reading what a request is about.

use crate::config::ConfigKey;
use crate::http::call::Call;
use crate::http::check;
use crate::http::plane::Plane;
use crate::http::refusal::{Asked, Refusal};
use crate::naming::PUBLIC_NAMESPACE;

/// The namespace of a read. On v1 "public" is not the public one there (as on Nacos), the empty name is.
pub(super) fn tenant(call: &Call, plane: Plane) -> Result<&str, Refusal> {
    let tenant = call.text(if plane.is_v2() { "namespaceId" } else { "tenant" });
    check::namespace(tenant)?;
    Ok(if plane.is_v2() { without_public(tenant) } else { tenant })
}

fn without_public(tenant: &str) -> &str {
    if tenant == PUBLIC_NAMESPACE { "" } else { tenant }
}

/// The config of a read.
pub(super) fn key(call: &Call, plane: Plane) -> Result<ConfigKey, Refusal> {
    named(call, plane, Asked::Framework).map(|(data_id, group, tenant)| ConfigKey::new(tenant, group, data_id))
}

/// The config of a write: "public" means the public namespace, and the names must not be empty.
pub(super) fn written_key(call: &Call, plane: Plane, asked: Asked) -> Result<ConfigKey, Refusal> {
    let (data_id, group, tenant) = named(call, plane, asked)?;
    for (name, value) in [("dataId", data_id), ("group", group)] {
        if value.is_empty() {
            return Err(Refusal::Invalid(format!("invalid {name} : ")));
        }
    }
    Ok(ConfigKey::new(without_public(tenant), group, data_id))
}

/// A parameter that may be empty but must be there.
pub(super) fn sent<'a>(call: &'a Call, name: &'static str, asked: Asked) -> Result<&'a str, Refusal> {
    call.get(name).ok_or(Refusal::Missing { name, java: "String", asked })
}

fn named(call: &Call, plane: Plane, asked: Asked) -> Result<(&str, &str, &str), Refusal> {
    let data_id = sent(call, "dataId", asked)?;
    check::data_id(data_id)?;
    let group = sent(call, "group", asked)?;
    check::group(group)?;
    Ok((data_id, group, tenant(call, plane)?))
}
