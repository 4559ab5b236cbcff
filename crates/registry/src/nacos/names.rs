//! How names travel: Nacos has three spellings of a namespace and two of a service.

use pilothouse_model::{Namespace, ServiceKey};

use super::Plane;
use crate::transport::Ask;

/// The namespace as the naming module takes it on every plane.
pub(super) fn naming_namespace(namespace: &Namespace) -> &str {
    namespace.as_str()
}

/// The namespace as the config module takes it: `public` is the empty text on 1.x and 2.x, where "public" would be
/// another namespace.
pub(super) fn config_namespace(namespace: &Namespace, plane: Plane) -> &str {
    if plane == Plane::V1 && namespace.is_public() { "" } else { namespace.as_str() }
}

/// `group@@name`, the only spelling the catalog of 1.x and 2.x takes.
pub(super) fn grouped(service: &ServiceKey) -> String {
    format!("{}@@{}", service.scope.group, service.name)
}

/// Names the service in the query of a request.
pub(super) fn ask_service(ask: Ask, service: &ServiceKey, plane: Plane) -> Ask {
    service_fields(service, plane).into_iter().fold(ask, |ask, (name, value)| ask.query(name, value))
}

/// The fields that name a service.
pub(super) fn service_fields(service: &ServiceKey, plane: Plane) -> Vec<(&'static str, String)> {
    let namespace = ("namespaceId", naming_namespace(&service.scope.namespace).to_owned());
    match plane {
        Plane::V1 => vec![namespace, ("serviceName", grouped(service))],
        Plane::V3Admin | Plane::V3Console => {
            vec![namespace, ("groupName", service.scope.group.to_string()), ("serviceName", service.name.to_string())]
        }
    }
}
