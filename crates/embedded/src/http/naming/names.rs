//! Reading what a request is about: the service, the address, the cluster.

use crate::http::call::Call;
use crate::http::check;
use crate::http::plane::Plane;
use crate::http::refusal::{Asked, Refusal};
use crate::naming::{Address, DEFAULT_CLUSTER, DEFAULT_GROUP, EditTarget, PUBLIC_NAMESPACE, ServiceKey};

const NO_GROUP: &str = "Param 'serviceName' is illegal, groupName can't be empty";
const NO_NAME: &str = "Param 'serviceName' is illegal, it should be format as 'groupName@@serviceName'";

/// How `plane` asks for the parameters of an instance.
pub(super) fn asked(plane: Plane) -> Asked {
    if plane == Plane::NamingV2 { Asked::Form } else { Asked::Own }
}

/// The namespace; empty and absent mean the public one.
pub(super) fn namespace(call: &Call) -> Result<&str, Refusal> {
    let namespace = call.filled("namespaceId").unwrap_or(PUBLIC_NAMESPACE);
    check::namespace(namespace)?;
    Ok(namespace)
}

/// The group parameter.
pub(super) fn group(call: &Call) -> Result<&str, Refusal> {
    let group = call.filled("groupName").unwrap_or(DEFAULT_GROUP);
    check::group(group)?;
    Ok(group)
}

/// The service of a request. A group in front of the name wins over the group parameter.
pub(super) fn service(call: &Call, asked: Asked) -> Result<ServiceKey, Refusal> {
    let name = call.filled("serviceName").ok_or(Refusal::Missing { name: "serviceName", java: "String", asked })?;
    key(call, name)
}

/// As [`service`], for the calls that insist on `group@@name`.
pub(super) fn grouped_service(call: &Call) -> Result<ServiceKey, Refusal> {
    let name = call.filled("serviceName").ok_or(Refusal::Missing { name: "serviceName", java: "String", asked: Asked::Framework })?;
    if !name.contains("@@") {
        return Err(Refusal::ServiceName(NO_NAME));
    }
    key(call, name)
}

/// The service that `name` means in the namespace and group of `call`.
pub(super) fn key(call: &Call, name: &str) -> Result<ServiceKey, Refusal> {
    let namespace = namespace(call)?;
    let group_param = group(call)?;
    let Some((group, name)) = name.split_once("@@") else {
        check::service(name)?;
        return Ok(ServiceKey::new(namespace, group_param, name));
    };
    check::group(group)?;
    if name.is_empty() {
        return Err(Refusal::ServiceName(NO_NAME));
    }
    check::service(name)?;
    if group.is_empty() {
        return Err(Refusal::ServiceName(NO_GROUP));
    }
    Ok(ServiceKey::new(namespace, group, name))
}

/// The cluster, `DEFAULT` when none is named.
pub(super) fn cluster(call: &Call) -> Result<&str, Refusal> {
    let cluster = call.filled("clusterName").unwrap_or(DEFAULT_CLUSTER);
    check::cluster(cluster)?;
    Ok(cluster)
}

/// The address of an instance.
pub(super) fn address(call: &Call, asked: Asked) -> Result<Address, Refusal> {
    let ip = call.filled("ip").ok_or(Refusal::Missing { name: "ip", java: "String", asked })?;
    // What is around an address is no part of it to the check.
    check::ip(call.get("ip").unwrap_or(ip))?;
    let port = call.filled("port").ok_or(Refusal::Missing { name: "port", java: "Integer", asked })?;
    Ok(Address::new(ip, check::port(port)?))
}

/// Address and cluster together.
pub(super) fn target(call: &Call, asked: Asked) -> Result<EditTarget, Refusal> {
    let address = address(call, asked)?;
    Ok(EditTarget { address, cluster: cluster(call)?.into() })
}
