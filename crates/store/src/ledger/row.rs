//! Rows of the Ledger page.

use pilothouse_api::LedgerRow;
use pilothouse_model::{Fingerprint, Liveness, Millis, Occurred, ServiceId};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::failure::Failure;

/// The columns that [`decode`] reads, in its order.
pub(super) const COLUMNS: &str = "SELECT id, told_at, seen, not_before, not_after, registry, service, namespace, name, address, host, \
                                  from_state, to_state, evidence";

/// A row as the page shows it.
pub(super) fn decode(row: &AnyRow) -> Result<LedgerRow, Failure> {
    Ok(LedgerRow {
        id: row.try_get(0)?,
        occurred: Occurred {
            at: row.try_get::<Option<i64>, _>(1)?.map(Millis),
            seen: Millis(row.try_get(2)?),
            not_before: Millis(row.try_get(3)?),
            not_after: Millis(row.try_get(4)?),
        },
        registry: row.try_get::<&str, _>(5)?.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        service: row.try_get::<Option<i64>, _>(6)?.map(|id| ServiceId(Fingerprint::from_i64(id))),
        namespace: row.try_get(7)?,
        name: row.try_get(8)?,
        address: row.try_get(9)?,
        host: row.try_get(10)?,
        from: row.try_get::<Option<String>, _>(11)?.map(|slug| liveness(&slug)).transpose()?,
        to: liveness(row.try_get(12)?)?,
        evidence: serde_json::from_str(row.try_get(13)?)?,
    })
}

/// The state that a slug names.
pub(super) fn liveness(slug: &str) -> Result<Liveness, Failure> {
    Liveness::from_slug(slug).ok_or_else(|| sqlx::Error::Decode(format!("`{slug}` is no liveness").into()).into())
}
