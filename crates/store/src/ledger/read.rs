//! One page of the ledger: rows, density and gaps, all of one moment of the database.

use pilothouse_api::{LedgerAnswer, LedgerQuery};
use pilothouse_model::Millis;
use sqlx::{AnyConnection, Row};

use super::cursor::Cursor;
use super::density::Density;
use super::filter::Filter;
use super::{presence, row};
use crate::Store;
use crate::failure::Failure;
use crate::sql::Sql;

impl Store {
    pub(super) async fn read_page(&self, query: &LedgerQuery, now: Millis) -> Result<LedgerAnswer, Failure> {
        let filter = Filter::of(query)?;
        let mut transaction = self.read().await?;
        let since = match query.since {
            Some(since) => since,
            None => first_moment(&mut transaction).await?.unwrap_or(now),
        };
        let until = query.until.unwrap_or(now + 1);
        let (rows, next) = rows(&mut transaction, &filter).await?;
        let mut density = Density::over(since, until);
        let facts = count_facts(&mut transaction, &filter, &mut density).await?;
        let transitions = count_transitions(&mut transaction, &filter, &mut density).await?;
        let gaps = presence::gaps(&mut transaction, since, until).await?;
        transaction.commit().await?;
        Ok(LedgerAnswer { now, rows, next: next.map(|cursor| cursor.to_string()), facts, transitions, density: density.finish(), gaps })
    }
}

type Page = (Vec<pilothouse_api::LedgerRow>, Option<Cursor>);

async fn rows(connection: &mut AnyConnection, filter: &Filter<'_>) -> Result<Page, Failure> {
    let found = page(filter).query().fetch_all(connection).await?;
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let rows: Vec<_> = found.iter().take(limit).map(row::decode).collect::<Result<_, _>>()?;
    let more = found.len() > limit;
    let next = rows.last().filter(|_| more).map(|last| Cursor { moment: last.occurred.moment().0, id: last.id });
    Ok((rows, next))
}

/// The page, and one row more to know whether another follows.
fn page(filter: &Filter<'_>) -> Sql {
    let mut sql = Sql::new(row::COLUMNS);
    filter.transitions(&mut sql, filter.cursor);
    sql.push(" ORDER BY moment DESC, id DESC LIMIT ").bind(i64::from(filter.limit) + 1);
    sql
}

async fn count_transitions(connection: &mut AnyConnection, filter: &Filter<'_>, density: &mut Density) -> Result<u64, Failure> {
    let mut sql = Sql::new("SELECT (moment - ");
    sql.bind(density.start).push(") / ").bind(density.width).push(" AS bucket, to_state, COUNT(*)");
    filter.transitions(&mut sql, None);
    if filter.counts_transitions() {
        // An edit that left the liveness as it was is a row, but no transition.
        sql.push(" AND (edited = 0 OR from_state IS NULL OR from_state <> to_state)");
    }
    sql.push(" GROUP BY 1, 2");
    let mut sum = 0;
    for counted in sql.query().fetch_all(connection).await? {
        let count: i64 = counted.try_get(2)?;
        density.add_transitions(counted.try_get(0)?, row::liveness(counted.try_get(1)?)?, count);
        sum += count.unsigned_abs();
    }
    Ok(sum)
}

async fn count_facts(connection: &mut AnyConnection, filter: &Filter<'_>, density: &mut Density) -> Result<u64, Failure> {
    let mut sql = Sql::new("SELECT (seen - ");
    sql.bind(density.start).push(") / ").bind(density.width).push(" AS bucket, COUNT(*)");
    filter.facts(&mut sql);
    sql.push(" GROUP BY 1");
    let mut sum = 0;
    for counted in sql.query().fetch_all(connection).await? {
        let count: i64 = counted.try_get(1)?;
        density.add_facts(counted.try_get(0)?, count);
        sum += count.unsigned_abs();
    }
    Ok(sum)
}

/// The earliest moment of anything still in the ledger.
async fn first_moment(connection: &mut AnyConnection) -> Result<Option<Millis>, Failure> {
    let transition: Option<i64> = sqlx::query_scalar("SELECT MIN(moment) FROM transitions").fetch_one(&mut *connection).await?;
    let fact: Option<i64> = sqlx::query_scalar("SELECT MIN(seen) FROM facts").fetch_one(&mut *connection).await?;
    Ok(transition.into_iter().chain(fact).min().map(Millis))
}

#[cfg(test)]
mod tests {
    use pilothouse_api::LedgerShow;
    use pilothouse_model::{Fingerprint, Liveness, ServiceId};

    use super::*;
    use crate::StoreConfig;

    #[tokio::test]
    async fn pages_come_from_an_index_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreConfig::at(folder.path().join("console.db").to_str().unwrap())).await.unwrap();
        let cursor = Some("1.2".to_owned());
        let service = Some(ServiceId(Fingerprint::from_i64(7)));
        for (index, query) in [
            ("transitions_moment", LedgerQuery::default()),
            ("transitions_moment", LedgerQuery { text: Some("api".into()), ..Default::default() }),
            ("transitions_registry", LedgerQuery { registry: Some("nacos-a".parse().unwrap()), ..Default::default() }),
            ("transitions_service", LedgerQuery { service, ..Default::default() }),
            ("transitions_host", LedgerQuery { host: Some("10.0.0.1".into()), ..Default::default() }),
            ("transitions_to", LedgerQuery { to: Some(Liveness::Removed), ..Default::default() }),
            ("transitions_edited", LedgerQuery { show: LedgerShow::Edits, ..Default::default() }),
        ] {
            for cursor in [None, cursor.clone()] {
                for (since, until) in [(None, None), (Some(Millis(1)), Some(Millis(9)))] {
                    let query = LedgerQuery { since, until, cursor: cursor.clone(), ..query.clone() };
                    let plan = page(&Filter::of(&query).unwrap()).explained().fetch_all(&store.reader).await.unwrap();
                    let plan: Vec<String> = plan.iter().map(|step| step.get(3)).collect();
                    assert_eq!(plan.len(), 1, "no sorting, no second step: {plan:?}");
                    assert!(plan[0].starts_with("SEARCH") && plan[0].contains(index), "{plan:?}");
                }
            }
        }
    }
}
