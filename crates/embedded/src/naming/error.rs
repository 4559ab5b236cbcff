//! Why the naming state machine refused something.

use thiserror::Error;

/// A refused naming operation. The texts are the ones Nacos 2.5 answers with, because clients match on them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum NamingError {
    #[error("instance format invalid: The weights range from 0.0 to 10000.0")]
    Weight,
    #[error("Instance 'clusterName' should be characters with only 0-9a-zA-Z-. (current: {0})")]
    ClusterName(String),
    #[error("Instance 'heart beat interval' must less than 'heart beat timeout' and 'ip delete timeout'.")]
    Periods,
    #[error("errCode: 400, errMsg: Current service {service} is {is} service, can't register {wanted} instance. ")]
    WrongKind { service: String, is: &'static str, wanted: &'static str },
    #[error("specified service {0} already exists!")]
    ServiceExists(String),
    #[error("service {0} not found!")]
    ServiceUnknown(String),
    #[error("service not found, namespace: {namespace}, serviceName: {service}")]
    ServiceDetailUnknown { namespace: String, service: String },
    #[error(
        "service not found, namespace: {namespace}, service: Service{{namespace='{namespace}', group='{group}', name='{name}', ephemeral=true, revision=0}}"
    )]
    EditedServiceUnknown { namespace: String, group: String, name: String },
    #[error("Service {0} is not empty, can't be delete. Please unregister instance first")]
    ServiceNotEmpty(String),
    #[error("no ips found for cluster {cluster} in service {service}")]
    ClusterEmpty { cluster: String, service: String },
    #[error("no matched ip found!")]
    InstanceUnknown,
    #[error("service {0} is not found!")]
    CatalogServiceUnknown(String),
    #[error("cluster {0} is not found!")]
    CatalogClusterUnknown(String),
    #[error("the registry is full: at most {0} instances")]
    Full(usize),
}
