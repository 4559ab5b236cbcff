//! Writing batches: facts that say something new, and transitions.

use pilothouse_console::ports::LedgerBatch;
use pilothouse_model::{Evidence, Fact, FactBody, Freshness, InstanceKey, Liveness, Transition};
use sqlx::AnyConnection;

use super::presence;
use super::subject::{Subject, SubjectId, Subjects};
use crate::failure::Failure;
use crate::sql::{ROWS_PER_INSERT, Sql, storable};

/// Appends a batch within the caller's transaction, a slice at a time.
pub(super) async fn append(connection: &mut AnyConnection, batch: &LedgerBatch) -> Result<(), Failure> {
    let mut subjects = Subjects::default();
    for facts in batch.facts.chunks(ROWS_PER_INSERT) {
        let facts: Vec<_> = facts.iter().map(|fact| (fact, SubjectId::of(&fact.registry, &fact.body))).collect();
        subjects.load(connection, facts.iter().filter_map(|(_, subject)| *subject)).await?;
        let mut news = Vec::with_capacity(facts.len());
        for (fact, subject) in facts {
            let body = serde_json::to_string(&fact.body)?;
            let now = Subject::told_by(&fact.body, FactBody::digest(body.as_bytes()), fact.occurred.seen);
            if subject.is_none_or(|subject| subjects.accept(subject, now)) {
                news.push((fact, body));
            }
        }
        insert_facts(connection, &news).await?;
        subjects.save(connection).await?;
        for (fact, _) in &news {
            if let FactBody::Freshness { freshness: Freshness::Live { proof: at } | Freshness::Stale { since: at } } = &fact.body {
                presence::note(connection, fact.registry.as_str(), *at).await?;
            }
        }
    }
    for transitions in batch.transitions.chunks(ROWS_PER_INSERT) {
        let instances = transitions.iter().filter_map(|transition| transition.instance.as_ref());
        subjects.load(connection, instances.map(SubjectId::instance)).await?;
        insert_transitions(connection, transitions, &subjects).await?;
    }
    Ok(())
}

async fn insert_facts(connection: &mut AnyConnection, news: &[(&Fact, String)]) -> Result<(), Failure> {
    if news.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("INSERT INTO facts (told_at, seen, not_before, not_after, registry, service, body) VALUES ");
    for (fact, body) in news {
        let occurred = fact.occurred;
        sql.row(|row| {
            row.bind(occurred.at.map(|at| at.0)).bind(occurred.seen.0).bind(occurred.not_before.0).bind(occurred.not_after.0);
            row.bind(fact.registry.as_str()).bind(fact.body.service().map(|key| key.id().0.to_i64())).bind(body.as_str());
        });
    }
    sql.query_of(news.len()).execute(connection).await?;
    Ok(())
}

async fn insert_transitions(connection: &mut AnyConnection, transitions: &[Transition], subjects: &Subjects) -> Result<(), Failure> {
    let mut sql = Sql::new(
        "INSERT INTO transitions (moment, told_at, seen, not_before, not_after, registry, service, namespace, name, address, \
         host, from_state, to_state, evidence, edited, searched) VALUES ",
    );
    for transition in transitions {
        let occurred = transition.occurred;
        let place = Place::of(transition.instance.as_ref(), subjects);
        let evidence = serde_json::to_string(&transition.evidence)?;
        sql.row(|row| {
            row.bind(occurred.moment().0).bind(occurred.at.map(|at| at.0)).bind(occurred.seen.0);
            row.bind(occurred.not_before.0).bind(occurred.not_after.0).bind(transition.registry.as_str()).bind(place.service);
            row.bind(place.namespace.as_str()).bind(place.name.as_str()).bind(place.address.as_str()).bind(place.host.as_str());
            row.bind(transition.from.map(Liveness::slug)).bind(transition.to.slug()).bind(evidence);
            row.bind(i64::from(matches!(transition.evidence, Evidence::Edited { .. }))).bind(place.searched());
        });
    }
    sql.query_of(transitions.len()).execute(connection).await?;
    Ok(())
}

/// Where a transition happened, in the words of its row; empty for a source.
#[derive(Default)]
struct Place {
    service: Option<i64>,
    namespace: String,
    name: String,
    address: String,
    host: String,
}

impl Place {
    fn of(instance: Option<&InstanceKey>, subjects: &Subjects) -> Self {
        let Some(key) = instance else {
            return Self::default();
        };
        // The instance was applied before anything became of it. Should it not have been, its own name is the best there is.
        let (address, host) = match subjects.get(SubjectId::instance(key)) {
            Some(known) if !known.address.is_empty() => (known.address.clone(), known.host.clone()),
            _ => {
                let address = storable(&key.instance.0);
                let host = address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host).to_owned();
                (address, host)
            }
        };
        Self {
            service: Some(key.service.id().0.to_i64()),
            namespace: storable(key.service.scope.namespace.as_str()),
            name: storable(&key.service.name),
            address,
            host,
        }
    }

    /// What the text filter looks in. Lower case is made here: the databases disagree on it beyond ASCII.
    fn searched(&self) -> String {
        format!("{}\n{}", self.name, self.address).to_lowercase()
    }
}
