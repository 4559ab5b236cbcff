//! The list a client gets: without disabled instances, and under protection with every one called healthy.
//! Never take health from it; the catalog tells the truth.

use std::sync::Arc;

use super::service::share;
use super::{InstanceView, Naming, ServiceKey};

/// The instances of a service as a client is shown them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hosts {
    pub(crate) hosts: Vec<Arc<InstanceView>>,
    /// Whether unhealthy instances were called healthy because too few are left.
    pub(crate) protected: bool,
}

impl Naming {
    /// Selects for a client. `clusters` empty means all; an unknown service has no hosts.
    pub(crate) fn hosts(&self, key: &ServiceKey, clusters: &[&str], healthy_only: bool) -> Hosts {
        let Some(service) = self.service(key) else { return Hosts::default() };
        let wanted = service
            .instances()
            .map(|entry| &entry.view)
            .filter(|view| view.enabled && (!healthy_only || view.healthy) && (clusters.is_empty() || clusters.contains(&&*view.cluster)));
        let mut hosts: Vec<_> = wanted.cloned().collect();
        let healthy = hosts.iter().filter(|view| view.healthy).count();
        let protected = service.definition.as_ref().is_some_and(|definition| {
            !hosts.is_empty() && !healthy_only && share(healthy, hosts.len()) <= definition.protect_threshold.max(0.0)
        });
        if protected {
            for view in hosts.iter_mut().filter(|view| !view.healthy) {
                *view = Arc::new(InstanceView { healthy: true, ..InstanceView::clone(view) });
            }
        }
        Hosts { hosts, protected }
    }
}
