//! Durable memory: the ledger of facts, the audit, settings. SQLite by default, PostgreSQL where several consoles share one.
//!
//! One SQL text serves both databases: BIGINT, DOUBLE PRECISION, TEXT and BLOB/BYTEA only, flags as BIGINT, `$1` parameters,
//! several rows an insert. It goes through `sqlx::Any`, so that there is one code path and one suite of tests; what differs
//! (types in migrations, pragmas, how a transaction begins) stands in `database.rs` and `migrations/`.
//!
//! **What may be lost.** On SQLite the ledger commits with `synchronous=NORMAL`: a crash of the process loses nothing, a
//! crash of the machine at most the transactions since the last checkpoint of the WAL, never the consistency of the file.
//! The audit and the settings commit with `synchronous=FULL` and are on the disk when the call returns. On PostgreSQL the
//! server's own `synchronous_commit` decides.
//!
//! This crate alone knows SQL. It must never know a clock, HTTP, or a registry's wire format: moments and ids are handed in.

mod audit;
mod backup;
mod config;
mod database;
mod failure;
mod ledger;
mod schema;
mod settings;
mod sql;
mod store;

pub use config::StoreConfig;
pub use pilothouse_console::ports::StoreError;
pub use settings::Setting;
pub use store::Store;
