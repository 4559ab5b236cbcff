//! The namespaces there are.

use pilothouse_model::Namespace;

use super::super::Plane;
use super::super::session::Session;
use super::super::wire::{Envelope, NamespaceRow};
use crate::RegistryError;
use crate::transport::Ask;

/// What may be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Namespaces {
    pub(in super::super) all: Vec<Namespace>,
    /// The list itself is closed to these credentials; `public` stands in.
    pub(in super::super) list_forbidden: bool,
}

impl Namespaces {
    /// Lists them. A server without its console module knows no list and has `public` alone.
    pub(in super::super) async fn read(session: &Session, plane: Plane) -> Result<Self, RegistryError> {
        let path = match plane {
            Plane::V1 => "/v1/console/namespaces".to_owned(),
            Plane::V3Admin | Plane::V3Console => format!("{}/core/namespace/list", plane.v3_prefix().unwrap_or_default()),
        };
        let answer = session.ask(Ask::get(path, "the list of namespaces")).await?;
        let public = |list_forbidden| Self { all: vec![Namespace::new("")], list_forbidden };
        match answer.status {
            404 => return Ok(public(false)),
            403 => return Ok(public(true)),
            _ => {}
        }
        let rows = answer.ok()?.json::<Envelope<Vec<NamespaceRow>>>()?.data.unwrap_or_default();
        let mut all: Vec<_> = rows.iter().map(|row| Namespace::new(&row.namespace)).collect();
        all.sort_unstable();
        all.dedup();
        Ok(if all.is_empty() { public(false) } else { Self { all, list_forbidden: false } })
    }
}
