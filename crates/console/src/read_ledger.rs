//! Reading the past.

use pilothouse_api::{LedgerAnswer, LedgerQuery};

use crate::{Console, Rights, UseCaseError};

impl Console {
    /// One page of the ledger.
    pub async fn ledger(&self, _rights: &Rights, query: &LedgerQuery) -> Result<LedgerAnswer, UseCaseError> {
        if query.limit.is_some_and(|limit| !(1..=500).contains(&limit)) {
            return Err(UseCaseError::Invalid { field: "limit", why: "1 to 500 are allowed".into() });
        }
        if let (Some(since), Some(until)) = (query.since, query.until)
            && since >= until
        {
            return Err(UseCaseError::Invalid { field: "since", why: "it must lie before `until`".into() });
        }
        Ok(self.parts.ledger.read(query, self.now()).await?)
    }
}
