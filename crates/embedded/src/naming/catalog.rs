//! Pages over services, from counts kept with each service: no instance is looked at.

use super::{Naming, Service};

/// Which services, and which page of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServiceQuery<'a> {
    pub(crate) namespace: &'a str,
    /// A part of the name; empty for any.
    pub(crate) name: &'a str,
    /// A part of the group; empty for any.
    pub(crate) group: &'a str,
    /// Leave out services without instances.
    pub(crate) with_instances_only: bool,
    /// From 1; what is below counts as 1.
    pub(crate) page: usize,
    /// What is below 1 counts as 1.
    pub(crate) size: usize,
}

/// One page of services.
#[derive(Debug)]
pub(crate) struct ServicePage<'a> {
    /// How many services match, on all pages.
    pub(crate) count: usize,
    pub(crate) services: Vec<&'a Service>,
}

impl Naming {
    /// A page of the services of a namespace. As in Nacos, when all match on one page, every page is that one.
    pub(crate) fn page<'a>(&'a self, query: &ServiceQuery<'_>) -> ServicePage<'a> {
        let matches = |service: &&Service| {
            (!query.with_instances_only || service.len() > 0)
                && (query.name.is_empty() || service.key.name.contains(query.name))
                && (query.group.is_empty() || service.key.group.contains(query.group))
        };
        let size = query.size.max(1);
        let first = query.page.max(1).saturating_sub(1).saturating_mul(size);
        let mut count = 0;
        let mut services = Vec::new();
        for service in self.services(query.namespace).filter(matches) {
            if count >= first && services.len() < size {
                services.push(service);
            }
            count += 1;
        }
        if count < size && services.is_empty() {
            services = self.services(query.namespace).filter(matches).collect();
        }
        ServicePage { count, services }
    }
}
