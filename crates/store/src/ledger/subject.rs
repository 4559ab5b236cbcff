//! What facts are about, and what is known now of each: for deduplication, and for the addresses of transitions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pilothouse_model::{FactBody, Fingerprint, InstanceKey, Millis, RegistryId, fingerprint};
use sqlx::{AnyConnection, Row};

use crate::failure::Failure;
use crate::sql::{ROWS_PER_INSERT, Sql, storable};

/// What a fact is about: an instance, a service, or a source's freshness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SubjectId(i64);

impl SubjectId {
    /// The subject of a fact; `None` for an edit, which is an event and never a repetition.
    pub(super) fn of(registry: &RegistryId, body: &FactBody) -> Option<Self> {
        match body {
            FactBody::InstanceApplied { instance } => Some(Self::instance(&instance.key)),
            FactBody::InstanceDeleted { instance } => Some(Self::instance(instance)),
            FactBody::ServiceApplied { service } => Some(Self::new(b"service", &service.key.id().0.to_i64().to_le_bytes())),
            FactBody::ServiceDeleted { service } => Some(Self::new(b"service", &service.id().0.to_i64().to_le_bytes())),
            FactBody::Freshness { .. } => Some(Self::new(b"source", registry.as_str().as_bytes())),
            FactBody::Edited { .. } => None,
        }
    }

    /// An instance as a subject.
    pub(super) fn instance(key: &InstanceKey) -> Self {
        Self::new(b"instance", &key.id().to_i64().to_le_bytes())
    }

    fn new(kind: &[u8], id: &[u8]) -> Self {
        Self(fingerprint([kind, id]).to_i64())
    }
}

/// What is known of a subject.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    source: bool,
    digest: i64,
    seen: Millis,
    gone: bool,
    /// An instance's host; empty for everything else.
    pub(super) host: String,
    /// An instance's address; empty for everything else.
    pub(super) address: String,
}

impl Subject {
    /// What a fact makes known of its subject.
    pub(super) fn told_by(body: &FactBody, digest: Fingerprint, seen: Millis) -> Self {
        let (host, address) = match body {
            FactBody::InstanceApplied { instance } => (storable(&instance.host), storable(&instance.address())),
            _ => Default::default(),
        };
        Self {
            source: matches!(body, FactBody::Freshness { .. }),
            digest: digest.to_i64(),
            seen,
            gone: matches!(body, FactBody::ServiceDeleted { .. } | FactBody::InstanceDeleted { .. }),
            host,
            address,
        }
    }
}

/// The subjects that one batch touches: read when first needed, written once a slice of the batch.
#[derive(Default)]
pub(super) struct Subjects {
    known: HashMap<SubjectId, Option<Subject>>,
    changed: BTreeSet<SubjectId>,
}

impl Subjects {
    /// Reads those not read before; at most [`ROWS_PER_INSERT`] at once.
    pub(super) async fn load(
        &mut self,
        connection: &mut AnyConnection,
        wanted: impl IntoIterator<Item = SubjectId>,
    ) -> Result<(), Failure> {
        let missing: BTreeSet<_> = wanted.into_iter().filter(|id| !self.known.contains_key(id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut sql = Sql::new("SELECT subject, source, digest, seen, gone, host, address FROM subjects WHERE subject IN ");
        sql.list(missing.iter().map(|id| id.0));
        let rows = sql.query_of(missing.len()).fetch_all(connection).await?;
        self.known.extend(missing.into_iter().map(|id| (id, None)));
        for row in rows {
            let subject = Subject {
                source: row.try_get::<i64, _>(1)? != 0,
                digest: row.try_get(2)?,
                seen: Millis(row.try_get(3)?),
                gone: row.try_get::<i64, _>(4)? != 0,
                host: row.try_get(5)?,
                address: row.try_get(6)?,
            };
            self.known.insert(SubjectId(row.try_get(0)?), Some(subject));
        }
        Ok(())
    }

    /// What is known of a loaded subject.
    pub(super) fn get(&self, id: SubjectId) -> Option<&Subject> {
        self.known.get(&id)?.as_ref()
    }

    /// Takes note of what a fact makes known of a loaded subject; false when that was known.
    pub(super) fn accept(&mut self, id: SubjectId, mut now: Subject) -> bool {
        let before = self.known.entry(id).or_default();
        match before {
            Some(before) if before.digest == now.digest => return false,
            // Gone, but the transition that tells so still names the address.
            Some(before) if now.gone => (now.host, now.address) = (before.host.clone(), before.address.clone()),
            _ => {}
        }
        *before = Some(now);
        self.changed.insert(id);
        true
    }

    /// Writes what was accepted since the last time.
    pub(super) async fn save(&mut self, connection: &mut AnyConnection) -> Result<(), Failure> {
        let changed = std::mem::take(&mut self.changed);
        let changed: Vec<_> = changed.into_iter().filter_map(|id| Some((id, self.get(id)?))).collect();
        write(connection, &changed).await
    }
}

/// Makes what is known the same as a checkpoint's whole fleet; false when it was. The two differ when facts were lost on
/// their way: what is told next must then not be taken for a repetition of what was told before.
pub(super) async fn reconcile(connection: &mut AnyConnection, fleet: BTreeMap<SubjectId, Subject>, at: Millis) -> Result<bool, Failure> {
    let rows = sqlx::query("SELECT subject, digest FROM subjects WHERE gone = 0 AND source = 0").fetch_all(&mut *connection).await?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in rows {
        known.insert(SubjectId(row.try_get(0)?), row.try_get::<i64, _>(1)?);
    }
    let changed: Vec<_> =
        fleet.iter().filter(|(id, subject)| known.remove(id) != Some(subject.digest)).map(|(id, now)| (*id, now)).collect();
    write(connection, &changed).await?;
    let gone: BTreeSet<i64> = known.into_keys().map(|id| id.0).collect();
    for some in gone.iter().collect::<Vec<_>>().chunks(ROWS_PER_INSERT) {
        let mut sql = Sql::new("UPDATE subjects SET gone = 1, digest = 0, seen = ");
        sql.bind(at.0).push(" WHERE subject IN ").list(some.iter().map(|id| **id));
        sql.query_of(some.len()).execute(&mut *connection).await?;
    }
    Ok(!changed.is_empty() || !gone.is_empty())
}

/// Writes subjects in the order of their ids: two writers of one PostgreSQL then wait for each other and never in a circle.
async fn write(connection: &mut AnyConnection, subjects: &[(SubjectId, &Subject)]) -> Result<(), Failure> {
    for rows in subjects.chunks(ROWS_PER_INSERT) {
        let mut sql = Sql::new("INSERT INTO subjects (subject, source, digest, seen, gone, host, address) VALUES ");
        for (id, subject) in rows {
            sql.row(|row| {
                row.bind(id.0).bind(i64::from(subject.source)).bind(subject.digest).bind(subject.seen.0);
                row.bind(i64::from(subject.gone)).bind(subject.host.as_str()).bind(subject.address.as_str());
            });
        }
        sql.push(
            " ON CONFLICT (subject) DO UPDATE SET digest = excluded.digest, seen = excluded.seen, gone = excluded.gone, \
             host = excluded.host, address = excluded.address",
        );
        sql.query_of(rows.len()).execute(&mut *connection).await?;
    }
    Ok(())
}
