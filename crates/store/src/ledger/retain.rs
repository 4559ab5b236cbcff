//! Forgetting what is too old, a slice at a time, so that the writer is never held up for long.

use pilothouse_model::Millis;
use sqlx::AssertSqlSafe;

use super::{REACH, checkpoint, presence};
use crate::database::Durability;
use crate::failure::Failure;
use crate::{Store, settings};

/// Rows dropped in one transaction.
const SLICE: i64 = 5_000;

impl Store {
    pub(super) async fn drop_before(&self, before: Millis) -> Result<(), Failure> {
        let mut transaction = self.write(Durability::Crash).await?;
        // Every moment from `before` on is rebuilt from this checkpoint or a later one: see `Store::rebuild`.
        let base = checkpoint::latest(&mut transaction, before).await?;
        if let Some(base) = &base {
            for statement in ["DELETE FROM checkpoint_parts WHERE checkpoint < $1", "DELETE FROM checkpoints WHERE id < $1"] {
                sqlx::query(statement).bind(base.id).execute(&mut *transaction).await?;
            }
            let reach = settings::get(&mut transaction, &REACH).await?.max(Some(base.at)).unwrap_or(base.at);
            settings::put(&mut transaction, &REACH, &reach).await?;
        }
        presence::drop_before(&mut transaction, before).await?;
        transaction.commit().await?;

        if let Some(base) = base {
            self.drop_slices("DELETE FROM facts WHERE id IN (SELECT id FROM facts WHERE id <= $1 ORDER BY id LIMIT $2)", base.upto).await?;
        }
        self.drop_slices("DELETE FROM transitions WHERE id IN (SELECT id FROM transitions WHERE moment < $1 LIMIT $2)", before.0).await?;
        self.drop_slices(
            "DELETE FROM subjects WHERE subject IN (SELECT subject FROM subjects WHERE gone = 1 AND seen < $1 LIMIT $2)",
            before.0,
        )
        .await
    }

    async fn drop_slices(&self, statement: &'static str, bound: i64) -> Result<(), Failure> {
        loop {
            let mut transaction = self.write(Durability::Crash).await?;
            let query = sqlx::query(AssertSqlSafe(statement)).bind(bound).bind(SLICE);
            let dropped = query.execute(&mut *transaction).await?.rows_affected();
            transaction.commit().await?;
            if dropped < SLICE.unsigned_abs() {
                return Ok(());
            }
        }
    }
}
