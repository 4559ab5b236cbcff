//! Reading what is known now.

use std::fmt;
use std::str::FromStr;
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

    /// One page of services. `cursor` is `next` of the page before.
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
        let unreadable = |()| UseCaseError::Invalid { field: "cursor", why: "use `next` of the page before, unchanged".into() };
        let after = cursor.map(str::parse::<After>).transpose().map_err(unreadable)?;
        let fleet = &self.parts.fleet;
        let total = fleet.totals(rights).services;
        if *filter == ServiceFilter::default() {
            // The common page touches only the rows up to its end, while nothing before them came or went.
            let shown = after.as_ref().map_or(0, |after| after.shown);
            let rows = fleet.first_services(rights, shown.saturating_add(limit));
            if after.as_ref().is_none_or(|after| after.is_at(ids(&rows))) {
                return Ok(self.page(rows, shown, limit, total, total));
            }
        }
        let mut rows: Vec<_> = fleet.services(rights).into_iter().filter(|row| filter.matches(row)).collect();
        if filter.sort != ServiceSort::Place {
            filter.sort(&mut rows);
        }
        let matching = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let start = after.map_or(0, |after| after.start(ids(&rows)));
        Ok(self.page(rows, start, limit, matching, total))
    }

    fn page(&self, rows: Vec<Arc<ServiceRow>>, start: usize, limit: usize, matching: u32, total: u32) -> ServicesAnswer {
        let rows: Vec<_> = rows.into_iter().skip(start).take(limit).collect();
        let shown = start.saturating_add(rows.len());
        let last = rows.last().filter(|_| shown < matching as usize);
        let next = last.map(|last| After { id: last.id, shown }.to_string());
        ServicesAnswer { now: self.now(), rows: owned(rows), matching, total, next }
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

/// Where a page begins: after this service, wherever it stands by now. Should it be gone, after as many rows as were shown.
struct After {
    id: ServiceId,
    shown: usize,
}

impl After {
    /// Whether it stands where it stood.
    fn is_at(&self, mut ids: impl Iterator<Item = ServiceId>) -> bool {
        self.shown.checked_sub(1).and_then(|at| ids.nth(at)) == Some(self.id)
    }

    fn start(&self, mut ids: impl Iterator<Item = ServiceId>) -> usize {
        ids.position(|id| id == self.id).map_or(self.shown, |at| at + 1)
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.shown)
    }
}

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, shown) = text.split_once('.').ok_or(())?;
        Ok(Self { id: id.parse().map_err(|_| ())?, shown: shown.parse().map_err(|_| ())? })
    }
}

fn ids(rows: &[Arc<ServiceRow>]) -> impl Iterator<Item = ServiceId> {
    rows.iter().map(|row| row.id)
}

fn owned(rows: Vec<Arc<ServiceRow>>) -> Vec<ServiceRow> {
    rows.into_iter().map(Arc::unwrap_or_clone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u32) -> ServiceId {
        format!("{n:016x}").parse().unwrap()
    }

    #[test]
    fn a_page_goes_on_behind_its_last_row_wherever_that_stands_by_now() {
        let after: After = format!("{}.3", id(3)).parse().unwrap();
        assert_eq!(after.to_string(), format!("{}.3", id(3)));
        for (rows, same, start) in [
            (vec![1, 2, 3, 4], true, 3),
            (vec![1, 3, 4], false, 2),
            (vec![0, 1, 2, 3, 4], false, 4),
            // The row itself is gone.
            (vec![1, 2, 4, 5], false, 3),
            (vec![], false, 3),
        ] {
            let ids = || rows.iter().copied().map(id);
            assert_eq!((after.is_at(ids()), after.start(ids())), (same, start), "{rows:?}");
        }
        assert!(["", "3", "x.3", "0000000000000003.", "0000000000000003.x"].iter().all(|text| text.parse::<After>().is_err()));
    }
}
