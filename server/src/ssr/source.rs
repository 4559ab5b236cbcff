//! What the pages read while they are rendered here: the same use cases as the API.

use async_trait::async_trait;
use pilothouse_api::{
    Horizon, LedgerAnswer, LedgerQuery, OverviewAnswer, Problem, RegistriesAnswer, ServiceAnswer, ServiceFilter, ServicesAnswer, Session,
};
use pilothouse_app::data::PageSource;
use pilothouse_console::Rights;
use pilothouse_model::ServiceId;

use crate::http::AppState;
use crate::http::api::session;
use crate::http::problem_of;

/// The console, seen with the rights of whoever asked for the page.
pub(super) struct ConsoleSource {
    state: AppState,
    rights: Rights,
}

impl ConsoleSource {
    pub(super) fn new(state: AppState, rights: Rights) -> Self {
        Self { state, rights }
    }
}

#[async_trait]
impl PageSource for ConsoleSource {
    async fn overview(&self) -> Result<OverviewAnswer, Problem> {
        Ok(self.state.console.overview(&self.rights))
    }

    async fn services(&self, filter: &ServiceFilter, cursor: Option<&str>) -> Result<ServicesAnswer, Problem> {
        self.state.console.services(&self.rights, filter, cursor, None).map_err(problem_of)
    }

    async fn service(&self, id: ServiceId) -> Result<ServiceAnswer, Problem> {
        self.state.console.service(&self.rights, id).map_err(problem_of)
    }

    async fn registries(&self) -> Result<RegistriesAnswer, Problem> {
        Ok(self.state.console.registries(&self.rights))
    }

    async fn ledger(&self, query: &LedgerQuery) -> Result<LedgerAnswer, Problem> {
        self.state.console.ledger(&self.rights, query).await.map_err(problem_of)
    }

    async fn horizon(&self) -> Result<Horizon, Problem> {
        Ok(self.state.console.horizon(&self.rights))
    }

    async fn session(&self) -> Result<Session, Problem> {
        Ok(session::of(&self.state, &self.rights))
    }
}
