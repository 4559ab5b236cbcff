//! Which database it is, how to reach it, and the few things the two do differently.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use pilothouse_console::ports::StoreError;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection};

use crate::StoreConfig;
use crate::failure::Failure;

/// Longest wait for a first connection to a PostgreSQL server.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// The kinds of database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// A file of this process' machine.
    Sqlite {
        /// Where it is, absolute.
        file: PathBuf,
    },
    /// A server.
    Postgres,
}

impl Engine {
    /// Begins a transaction that will write: SQLite takes its one write lock now, where waiting for it is still possible.
    pub(crate) fn begin_write(&self, durability: Durability) -> &'static str {
        match (self, durability) {
            (Self::Sqlite { .. }, Durability::Crash) => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            (Self::Sqlite { .. }, Durability::PowerLoss) => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            (Self::Postgres, _) => "BEGIN",
        }
    }

    /// Begins a transaction in which every query sees the same state.
    pub(crate) fn begin_read(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

/// What a committed write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A crash of this process.
    Crash,
    /// A crash of the machine, too: the call returns when the disk has it.
    PowerLoss,
}

/// What a pool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one connection through which this process writes, so that writes queue here and not inside SQLite.
    Writer,
    /// Connections that only read.
    Reader,
}

impl Role {
    fn connections(self) -> u32 {
        match self {
            Self::Writer => 1,
            Self::Reader => 4,
        }
    }
}

/// A database that can be connected to.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) engine: Engine,
    options: AnyConnectOptions,
    patience: Duration,
}

impl Database {
    /// Understands the configuration and makes the folder of an SQLite file.
    pub(crate) async fn locate(config: &StoreConfig) -> Result<Self, Failure> {
        sqlx::any::install_default_drivers();
        let (engine, url) = match config.url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => (Engine::Postgres, config.url.clone()),
            Some(_) => return Err(invalid("another scheme is given").into()),
            None if config.url.is_empty() => return Err(invalid("nothing is given").into()),
            None => {
                let file = sqlite_file(Path::new(&config.url)).await?;
                let text = file.to_str().ok_or_else(|| invalid("the folder's name is not UTF-8"))?;
                let url = format!("sqlite://{}?mode=rwc", utf8_percent_encode(text, PATH));
                (Engine::Sqlite { file }, url)
            }
        };
        // The parser's own error is dropped: it may quote what was given, password and all.
        let options = AnyConnectOptions::from_str(&url).map_err(|_| invalid("it cannot be parsed"))?;
        Ok(Self { engine, options: options.disable_statement_logging(), patience: config.patience })
    }

    /// One connection outside the pools, ready to write.
    pub(crate) async fn connect(&self) -> Result<AnyConnection, Failure> {
        let connecting = tokio::time::timeout(CONNECT_WITHIN, self.options.connect());
        let mut connection = connecting
            .await
            .map_err(|_| StoreError::Unavailable(format!("the database server did not answer within {} s", CONNECT_WITHIN.as_secs())))??;
        prepare(&self.engine, self.patience, Role::Writer, &mut connection).await?;
        Ok(connection)
    }

    /// A pool that connects when it is first used.
    pub(crate) fn pool(&self, role: Role) -> AnyPool {
        let (engine, patience) = (self.engine.clone(), self.patience);
        AnyPoolOptions::new()
            .max_connections(role.connections())
            .after_connect(move |connection, _| {
                let engine = engine.clone();
                Box::pin(async move { prepare(&engine, patience, role, connection).await })
            })
            // SQLite rolls back by itself when the disk is full; sqlx then counts a transaction that is no more and would
            // refuse the next one for ever. Behind the ping that count is final.
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
            .connect_lazy_with(self.options.clone())
    }
}

/// Sets what SQLite keeps per connection. PostgreSQL's defaults are right.
async fn prepare(engine: &Engine, patience: Duration, role: Role, connection: &mut AnyConnection) -> sqlx::Result<()> {
    if let Engine::Sqlite { .. } = engine {
        let patience_ms = patience.as_millis();
        let may = match role {
            Role::Writer => "PRAGMA journal_size_limit = 67108864",
            Role::Reader => "PRAGMA query_only = 1",
        };
        let pragmas = format!("PRAGMA busy_timeout = {patience_ms}; PRAGMA cache_size = -16000; {may}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(pragmas)).execute(connection).await?;
    }
    Ok(())
}

async fn sqlite_file(path: &Path) -> Result<PathBuf, Failure> {
    let path = std::path::absolute(path)?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(invalid("it names no file").into());
    };
    let named = |error: std::io::Error| std::io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    tokio::fs::create_dir_all(folder).await.map_err(named)?;
    // Resolved now, because URLs fold `..` away without asking where a link leads.
    Ok(tokio::fs::canonicalize(folder).await.map_err(named)?.join(name))
}

fn invalid(why: &str) -> StoreError {
    StoreError::Invalid {
        field: "url",
        why: format!("the path of an SQLite file or postgres://user:password@host/database is allowed; {why}"),
    }
}
