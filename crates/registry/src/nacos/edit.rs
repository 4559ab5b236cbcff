//! Changing instances.
//!
//! A `PATCH` (3.x: `/partial`) changes the operator's overlay of an instance: weight and enabled always travel together,
//! because what is left out of a first overlay becomes 1.0 and true; metadata travels only when it is edited, for whatever
//! stands in the overlay hides what the instance itself will say at its next deploy. An overlay cannot take away a key that
//! the instance itself brings: such a key stays, and the readback shows it. Where there is no `PATCH`, a `PUT` of the whole
//! instance stands in.
//!
//! Nacos applies an edit after it answered, keeps it when the instance registers again, and answers "ok" for an instance
//! that is not there; so that is read first.

use std::collections::BTreeMap;

use pilothouse_model::{Instance, InstanceEdit, InstanceKey};

use super::Plane;
use super::names::service_fields;
use super::session::Session;
use crate::RegistryError;
use crate::transport::{Ask, Method};

/// Changes `before`, which was just read.
pub(super) async fn change(session: &Session, plane: Plane, before: &Instance, edit: &InstanceEdit) -> Result<(), RegistryError> {
    let weight = edit.weight.unwrap_or(before.weight);
    if !weight.is_finite() || !(0.0..=10_000.0).contains(&weight) {
        return Err(RegistryError::Invalid { field: "weight", why: "a number from 0 to 10,000 is allowed".into() });
    }
    let mut fields = fields(&before.key, before.ephemeral, plane)?;
    fields.push(("weight", weight.to_string()));
    fields.push(("enabled", edit.enabled.unwrap_or(before.enabled).to_string()));
    let what = format!("the change of {}", before.key.instance);
    let json = |metadata: &BTreeMap<String, String>| serde_json::to_string(metadata).expect("a map of texts is JSON");
    if plane != Plane::V3Console {
        let mut patch = fields.clone();
        patch.extend(edit.metadata.as_ref().map(|metadata| ("metadata", json(metadata))));
        let ask = match plane {
            Plane::V1 => Ask::new(Method::PATCH, "/v1/ns/instance", what.as_str()),
            _ => Ask::put("/v3/admin/ns/instance/partial", what.as_str()),
        };
        let answer = session.ask(ask.form(patch)).await?;
        // Refused by the router: nothing was done.
        if !matches!(answer.status, 404 | 405 | 501) {
            return answer.ok().map(drop);
        }
    }
    fields.push(("metadata", json(edit.metadata.as_ref().unwrap_or(&before.metadata))));
    let path = plane.v3_prefix().map_or_else(|| "/v1/ns/instance".to_owned(), |prefix| format!("{prefix}/ns/instance"));
    session.ask(Ask::put(path, what).form(fields)).await?.ok().map(drop)
}

/// Takes an instance out. Without `ephemeral=false` a persistent one would stay.
pub(super) async fn deregister(session: &Session, plane: Plane, before: &Instance) -> Result<(), RegistryError> {
    let path = match plane {
        Plane::V1 => "/v1/ns/instance",
        Plane::V3Admin => "/v3/admin/ns/instance",
        Plane::V3Console => return Err(RegistryError::Unsupported("taking an instance out through the console plane")),
    };
    let ask = Ask::delete(path, format!("the removal of {}", before.key.instance));
    let ask = fields(&before.key, before.ephemeral, plane)?.into_iter().fold(ask, |ask, (name, value)| ask.query(name, value));
    session.ask(ask).await?.ok().map(drop)
}

fn fields(key: &InstanceKey, ephemeral: Option<bool>, plane: Plane) -> Result<Vec<(&'static str, String)>, RegistryError> {
    let Some((ip, port)) = key.instance.0.rsplit_once(':') else {
        return Err(RegistryError::Invalid { field: "instance", why: "ip:port is expected".into() });
    };
    let mut fields = service_fields(&key.service, plane);
    fields.extend([("ip", ip.to_owned()), ("port", port.to_owned()), ("clusterName", key.cluster.to_string())]);
    fields.extend(ephemeral.map(|ephemeral| ("ephemeral", ephemeral.to_string())));
    Ok(fields)
}
