//! Empty databases for cases to work on.

use std::sync::Arc;
use std::time::Duration;

use pilothouse_store::{Store, StoreConfig};
use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;

use crate::cluster::Cluster;

/// Where empty databases come from.
#[derive(Clone)]
pub(crate) enum Databases {
    /// Files in a folder of this case.
    Sqlite(Arc<TempDir>),
    /// A server.
    Postgres(Arc<Cluster>),
}

impl Databases {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(Arc::new(tempfile::tempdir().unwrap()))
    }

    pub(crate) fn postgres(cluster: &Arc<Cluster>) -> Self {
        Self::Postgres(Arc::clone(cluster))
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The configuration of an empty database.
    pub(crate) fn fresh(&self) -> StoreConfig {
        let url = match self {
            Self::Sqlite(folder) => {
                let folder = tempfile::tempdir_in(folder.path()).unwrap().keep();
                // A name that would not survive as part of a URL.
                folder.join("made on demand").join("100 % of it?#.db").to_str().unwrap().to_owned()
            }
            Self::Postgres(cluster) => cluster.fresh_database(),
        };
        StoreConfig { url, patience: Duration::from_millis(200) }
    }

    /// Runs a statement behind the store's back.
    pub(crate) async fn execute(&self, config: &StoreConfig, statement: &'static str) {
        let url = match self {
            Self::Sqlite(_) => format!("sqlite://{}", config.url.replace('%', "%25").replace('?', "%3f").replace('#', "%23")),
            Self::Postgres(_) => config.url.clone(),
        };
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// An open store over an empty database.
    pub(crate) async fn store(&self) -> Store {
        Store::open(self.fresh()).await.unwrap()
    }
}
