//! What the server hands in: the one door through which pages read while they are rendered there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use async_trait::async_trait;
use leptos::prelude::use_context;
use pilothouse_api::{
    Horizon, LedgerAnswer, LedgerQuery, OverviewAnswer, Problem, ProblemCode, RegistriesAnswer, ServiceAnswer, ServiceFilter,
    ServicesAnswer, Session,
};
use pilothouse_model::ServiceId;

/// Reads what pages show, with the rights of whoever asked for the page. In context as `Arc<dyn PageSource>`.
#[async_trait]
pub trait PageSource: Send + Sync {
    /// Data of the Overview page.
    async fn overview(&self) -> Result<OverviewAnswer, Problem>;

    /// One page of services; `cursor` is `next` of the page before.
    async fn services(&self, filter: &ServiceFilter, cursor: Option<&str>) -> Result<ServicesAnswer, Problem>;

    /// One service with its instances.
    async fn service(&self, id: ServiceId) -> Result<ServiceAnswer, Problem>;

    /// Every registry.
    async fn registries(&self) -> Result<RegistriesAnswer, Problem>;

    /// One page of the ledger.
    async fn ledger(&self, query: &LedgerQuery) -> Result<LedgerAnswer, Problem>;

    /// The last hour.
    async fn horizon(&self) -> Result<Horizon, Problem>;

    /// Who reads.
    async fn session(&self) -> Result<Session, Problem>;
}

/// The HTTP status of a page: 200 until a page says otherwise. In context, where the server wants to know.
#[derive(Clone, Debug)]
pub struct PageStatus(Arc<AtomicU16>);

impl Default for PageStatus {
    fn default() -> Self {
        Self(Arc::new(AtomicU16::new(200)))
    }
}

impl PageStatus {
    /// The status, once the page is rendered.
    #[must_use]
    pub fn get(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }

    /// Says that the page is a problem.
    pub(crate) fn set(&self, status: u16) {
        self.0.store(status, Ordering::Relaxed);
    }
}

/// The source in context.
#[expect(clippy::result_large_err, reason = "the shape every load has; it is made once a page")]
pub(super) fn page_source() -> Result<Arc<dyn PageSource>, Problem> {
    use_context::<Arc<dyn PageSource>>()
        .ok_or_else(|| Problem::new(500, ProblemCode::Internal, "no source of data", "the server gave this page nothing to read from"))
}
