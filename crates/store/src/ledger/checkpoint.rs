//! Checkpoints, and the past rebuilt from them.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use pilothouse_console::ports::{PastFleet, StoreError};
use pilothouse_model::{FactBody, Millis};
use sqlx::{AnyConnection, Row};

use super::replay::Replay;
use super::subject::{Subject, SubjectId, reconcile};
use super::{REACH, presence};
use crate::database::Durability;
use crate::failure::Failure;
use crate::{Store, settings};

/// Services or instances in one part: some hundred kilobytes of JSON, a tenth of that when compressed.
const PART: usize = 500;

/// A checkpoint, without its parts.
pub(super) struct Checkpoint {
    pub(super) id: i64,
    pub(super) at: Millis,
    /// The last fact it contains.
    pub(super) upto: i64,
}

impl Store {
    pub(super) async fn write_checkpoint(&self, at: Millis, fleet: &PastFleet) -> Result<(), Failure> {
        let (mut parts, mut subjects) = (Vec::new(), BTreeMap::new());
        for services in fleet.services.chunks(PART) {
            let facts = services.iter().map(|service| FactBody::ServiceApplied { service: service.clone() }).collect();
            parts.push(encode(facts, at, &mut subjects).await?);
        }
        for instances in fleet.instances.chunks(PART) {
            let facts = instances.iter().map(|instance| FactBody::InstanceApplied { instance: Box::new(instance.clone()) }).collect();
            parts.push(encode(facts, at, &mut subjects).await?);
        }
        let mut transaction = self.write(Durability::Crash).await?;
        presence::note_proofs(&mut transaction, &fleet.proofs).await?;
        let upto: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM facts").fetch_one(&mut *transaction).await?;
        let last = latest(&mut transaction, Millis(i64::MAX)).await?;
        let differs = reconcile(&mut transaction, subjects, at).await?;
        // Nothing became known since the last one: that one serves every later moment as well.
        if differs || last.is_none_or(|last| last.upto != upto || last.at > at) {
            insert(&mut transaction, at, upto, parts).await?;
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn rebuild(&self, at: Millis) -> Result<PastFleet, Failure> {
        let mut transaction = self.read().await?;
        if settings::get(&mut transaction, &REACH).await?.is_some_and(|reach| at < reach) {
            return Ok(PastFleet::default());
        }
        let base = latest(&mut transaction, at).await?.unwrap_or(Checkpoint { id: 0, at: Millis(i64::MIN), upto: 0 });
        let parts: Vec<Vec<u8>> = sqlx::query_scalar("SELECT body FROM checkpoint_parts WHERE checkpoint = $1 ORDER BY part")
            .bind(base.id)
            .fetch_all(&mut *transaction)
            .await?;
        let facts: Vec<String> = sqlx::query_scalar("SELECT body FROM facts WHERE seen >= $1 AND seen <= $2 AND id > $3 ORDER BY id")
            .bind(base.at.0)
            .bind(at.0)
            .bind(base.upto)
            .fetch_all(&mut *transaction)
            .await?;
        let proofs = presence::proofs_at(&mut transaction, at).await?;
        transaction.commit().await?;
        let fleet = off_the_runtime(move || {
            let mut replay = Replay::default();
            for part in parts {
                inflate(&part)?.lines().for_each(|fact| replay.tell(fact));
            }
            facts.iter().for_each(|fact| replay.tell(fact));
            Ok(replay.finish())
        })
        .await?;
        Ok(PastFleet { proofs, ..fleet })
    }
}

/// One part: a line of JSON for each fact, compressed. What it makes known of its subjects is added to `subjects`.
async fn encode(facts: Vec<FactBody>, at: Millis, subjects: &mut BTreeMap<SubjectId, Subject>) -> Result<Vec<u8>, Failure> {
    let (body, told) = off_the_runtime(move || {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let mut told = Vec::with_capacity(facts.len());
        for fact in facts {
            let mut line = serde_json::to_vec(&fact)?;
            let subject = fact.service().and_then(|service| SubjectId::of(&service.scope.registry, &fact));
            told.extend(subject.map(|id| (id, Subject::told_by(&fact, FactBody::digest(&line), at))));
            line.push(b'\n');
            encoder.write_all(&line)?;
        }
        Ok((encoder.finish()?, told))
    })
    .await?;
    subjects.extend(told);
    Ok(body)
}

/// The last written checkpoint that is not after `at`.
pub(super) async fn latest(connection: &mut AnyConnection, at: Millis) -> Result<Option<Checkpoint>, Failure> {
    let row = sqlx::query("SELECT id, at, upto FROM checkpoints WHERE at <= $1 ORDER BY id DESC LIMIT 1")
        .bind(at.0)
        .fetch_optional(connection)
        .await?;
    let checkpoint = |row: sqlx::any::AnyRow| Ok(Checkpoint { id: row.try_get(0)?, at: Millis(row.try_get(1)?), upto: row.try_get(2)? });
    row.map(checkpoint).transpose()
}

async fn insert(connection: &mut AnyConnection, at: Millis, upto: i64, parts: Vec<Vec<u8>>) -> Result<(), Failure> {
    let id: i64 = sqlx::query_scalar("INSERT INTO checkpoints (at, upto) VALUES ($1, $2) RETURNING id")
        .bind(at.0)
        .bind(upto)
        .fetch_one(&mut *connection)
        .await?;
    for (part, body) in (0_i64..).zip(parts) {
        sqlx::query("INSERT INTO checkpoint_parts (checkpoint, part, body) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(part)
            .bind(body)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Does what takes milliseconds of a core where it holds up nobody.
async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| StoreError::Failed(format!("a computation did not end: {error}")))?
}

fn inflate(part: &[u8]) -> Result<String, Failure> {
    let mut lines = String::new();
    let read = DeflateDecoder::new(part).read_to_string(&mut lines);
    read.map_err(|error| StoreError::Failed(format!("a checkpoint is damaged: {error}")))?;
    Ok(lines)
}
