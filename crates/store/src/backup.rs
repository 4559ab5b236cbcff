//! A copy of a running store.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::Connection;

use crate::database::Engine;
use crate::failure::Failure;
use crate::{Store, StoreError};

impl Store {
    /// Copies the store into one file at `path` while it goes on working; a file that stands there is replaced.
    ///
    /// The copy is of one moment, is written beside `path` and only then put in its place: whatever happens, `path` holds
    /// nothing, the old backup, or the whole new one.
    ///
    /// # Errors
    /// `Invalid` on PostgreSQL, which has its own tool, and when `path` is the store itself.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        match &self.database.engine {
            Engine::Postgres => Err(StoreError::Invalid {
                field: "store",
                why: "a PostgreSQL store is backed up with its own tool: pg_dump --format=custom DATABASE > FILE".into(),
            }),
            Engine::Sqlite { file } => Ok(self.copy(file, path).await?),
        }
    }

    async fn copy(&self, store: &Path, path: &Path) -> Result<(), Failure> {
        let path = std::path::absolute(path)?;
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(StoreError::Invalid { field: "path", why: "it names no file".into() }.into());
        };
        tokio::fs::create_dir_all(folder).await?;
        let path = tokio::fs::canonicalize(folder).await?.join(name);
        if path == store || tokio::fs::canonicalize(&path).await.is_ok_and(|path| path == store) {
            return Err(StoreError::Invalid { field: "path", why: "it is the store itself".into() }.into());
        }
        let partial = Partial::beside(&path);
        let target = partial.0.to_str().ok_or_else(|| StoreError::Invalid { field: "path", why: "UTF-8 is allowed".into() })?;
        let mut connection = self.database.connect().await?;
        let copied = sqlx::query("VACUUM INTO $1").bind(target).persistent(false).execute(&mut connection).await;
        connection.close().await?;
        copied?;
        // SQLite leaves the copy to the page cache: it is on the disk before its name says so.
        tokio::task::spawn_blocking(move || {
            File::open(&partial.0)?.sync_all()?;
            std::fs::rename(&partial.0, &path)?;
            File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all()
        })
        .await
        .map_err(std::io::Error::other)??;
        Ok(())
    }
}

/// A file that goes away unless it was renamed.
struct Partial(PathBuf);

impl Partial {
    fn beside(path: &Path) -> Self {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.partial", std::process::id()));
        let partial = Self(path.with_file_name(name));
        partial.remove();
        partial
    }

    fn remove(&self) {
        _ = std::fs::remove_file(&self.0);
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove();
    }
}
