//! Reading what is known now.

use std::sync::Arc;

use pilothouse_api::{
    FIRST_ROWS, Horizon, InstanceRow, OverviewAnswer, RegistriesAnswer, ServiceAnswer, ServiceFilter, ServiceRow, ServiceSort,
    ServicesAnswer, Totals,
};
use pilothouse_model::ServiceId;

use crate::{Console, Rights, UseCaseError};

/// Most rows one page of services may ask for.
const MAX_ROWS: usize = 1000;

impl Console {
    /// The Overview page: counts, registries, what fails, the first cells, latest changes.
    #[must_use]
    pub fn overview(&self, rights: &Rights) -> OverviewAnswer {
        let fleet = &self.parts.fleet;
        OverviewAnswer {
            now: self.now(),
            totals: fleet.totals(rights),
            registries: fleet.registries(rights),
            failing: owned(fleet.failing(rights, 20)),
            cells: owned(fleet.first_services(rights, 600)),
            changes: fleet.changes(rights, 12),
        }
    }

    /// One page of services. `cursor` is `next` of the page before: the number of rows already shown.
    pub fn services(
        &self,
        rights: &Rights,
        filter: &ServiceFilter,
        cursor: Option<&str>,
        limit: Option<usize>,
    ) -> Result<ServicesAnswer, UseCaseError> {
        let limit = limit.unwrap_or(FIRST_ROWS);
        if !(1..=MAX_ROWS).contains(&limit) {
            return Err(UseCaseError::Invalid { field: "limit", why: format!("1 to {MAX_ROWS} are allowed") });
        }
        let start: usize = match cursor {
            None => 0,
            Some(text) => text
                .parse()
                .map_err(|_| UseCaseError::Invalid { field: "cursor", why: "use `next` of the page before, unchanged".into() })?,
        };
        let fleet = &self.parts.fleet;
        let total = fleet.totals(rights).services;
        if *filter == ServiceFilter::default() {
            // The common first page touches only the rows it shows.
            let rows = fleet.first_services(rights, start.saturating_add(limit));
            return Ok(self.page(rows.into_iter().skip(start).collect(), start, total, total));
        }
        let mut rows: Vec<_> = fleet.services(rights).into_iter().filter(|row| filter.matches(row)).collect();
        if filter.sort != ServiceSort::Place {
            filter.sort(&mut rows);
        }
        let matching = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        Ok(self.page(rows.into_iter().skip(start).take(limit).collect(), start, matching, total))
    }

    fn page(&self, rows: Vec<Arc<ServiceRow>>, start: usize, matching: u32, total: u32) -> ServicesAnswer {
        let end = start.saturating_add(rows.len());
        let more = !rows.is_empty() && end < matching as usize;
        ServicesAnswer { now: self.now(), rows: owned(rows), matching, total, next: more.then(|| end.to_string()) }
    }

    /// One service with its instances.
    pub fn service(&self, rights: &Rights, id: ServiceId) -> Result<ServiceAnswer, UseCaseError> {
        self.parts.fleet.service(rights, id).ok_or(UseCaseError::NotFound("the service"))
    }

    /// Counts over everything.
    #[must_use]
    pub fn totals(&self, rights: &Rights) -> Totals {
        self.parts.fleet.totals(rights)
    }

    /// Every registry.
    #[must_use]
    pub fn registries(&self, rights: &Rights) -> RegistriesAnswer {
        RegistriesAnswer { now: self.now(), registries: self.parts.fleet.registries(rights) }
    }

    /// The last hour.
    #[must_use]
    pub fn horizon(&self, rights: &Rights) -> Horizon {
        self.parts.fleet.horizon(rights)
    }

    /// Every instance that registries list, for service discovery by others.
    #[must_use]
    pub fn instances(&self, rights: &Rights) -> Vec<Arc<InstanceRow>> {
        self.parts.fleet.instances(rights)
    }
}

fn owned(rows: Vec<Arc<ServiceRow>>) -> Vec<ServiceRow> {
    rows.into_iter().map(Arc::unwrap_or_clone).collect()
}
