//! Spans without a hole: in which this console was running, and in which a registry kept proving that it lives.
//!
//! A note every few seconds would be thousands of rows a day that say nothing; a span is one row that grows.

use pilothouse_api::Gap;
use pilothouse_model::{Millis, RegistryId};
use sqlx::{AnyConnection, Row};

use crate::failure::Failure;

/// The one who is present when it is the console itself. No registry has an empty id.
pub(super) const CONSOLE: &str = "";
/// Two notes at most this far apart belong to one span. Proofs and notes come every ten seconds each.
const HOLE_MS: i64 = 30_000;

/// Notes that `who` was there at `at`.
pub(super) async fn note(connection: &mut AnyConnection, who: &str, at: Millis) -> Result<(), Failure> {
    let before = sqlx::query("SELECT started, ended FROM presence WHERE who = $1 AND started <= $2 ORDER BY started DESC LIMIT 1")
        .bind(who)
        .bind(at.0)
        .fetch_optional(&mut *connection)
        .await?;
    let span = before.map(|row| Ok::<_, sqlx::Error>((row.try_get::<i64, _>(0)?, Millis(row.try_get(1)?)))).transpose()?;
    let statement = match span {
        Some((_, ended)) if at <= ended => return Ok(()),
        Some((started, ended)) if at.since(ended) <= HOLE_MS => {
            sqlx::query("UPDATE presence SET ended = $3 WHERE who = $1 AND started = $2").bind(who).bind(started).bind(at.0)
        }
        _ => sqlx::query("INSERT INTO presence (who, started, ended) VALUES ($1, $2, $3)").bind(who).bind(at.0).bind(at.0),
    };
    statement.execute(connection).await?;
    Ok(())
}

/// Notes when each registry last proved that its view is true.
pub(super) async fn note_proofs(connection: &mut AnyConnection, proofs: &[(RegistryId, Millis)]) -> Result<(), Failure> {
    for (registry, proof) in proofs {
        note(connection, registry.as_str(), *proof).await?;
    }
    Ok(())
}

/// For each registry the last moment, not after `at`, at which its view was known to be true.
pub(super) async fn proofs_at(connection: &mut AnyConnection, at: Millis) -> Result<Vec<(RegistryId, Millis)>, Failure> {
    let rows = sqlx::query(
        "SELECT who, ended FROM presence AS span WHERE who <> '' \
         AND started = (SELECT MAX(started) FROM presence WHERE who = span.who AND started <= $1) ORDER BY who",
    )
    .bind(at.0)
    .fetch_all(connection)
    .await?;
    let proof = |row: &sqlx::any::AnyRow| {
        let registry = row.try_get::<&str, _>(0)?.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok((registry, Millis(row.try_get(1)?).min(at)))
    };
    rows.iter().map(proof).collect()
}

/// The spans in which this console was not running and that touch `since..until`, oldest first, in full length.
pub(super) async fn gaps(connection: &mut AnyConnection, since: Millis, until: Millis) -> Result<Vec<Gap>, Failure> {
    let rows = sqlx::query("SELECT started, ended FROM presence WHERE who = $1 AND started < $2 ORDER BY started")
        .bind(CONSOLE)
        .bind(until.0)
        .fetch_all(connection)
        .await?;
    let mut gaps = Vec::new();
    let mut here_until: Option<Millis> = None;
    for row in rows {
        let (started, ended) = (Millis(row.try_get(0)?), Millis(row.try_get(1)?));
        if let Some(from) = here_until
            && started.since(from) > HOLE_MS
            && started > since
        {
            gaps.push(Gap { from, until: started });
        }
        here_until = here_until.max(Some(ended));
    }
    Ok(gaps)
}

/// Drops spans that no moment from `before` on needs.
pub(super) async fn drop_before(connection: &mut AnyConnection, before: Millis) -> Result<(), Failure> {
    sqlx::query(
        "DELETE FROM presence WHERE ended < $1 AND EXISTS \
         (SELECT 1 FROM presence AS later WHERE later.who = presence.who AND later.started > presence.started AND later.started <= $1)",
    )
    .bind(before.0)
    .execute(connection)
    .await?;
    Ok(())
}
