//! What can go wrong underneath, and what the port calls it.

use pilothouse_console::ports::StoreError;
use sqlx::error::DatabaseError;

/// A failure inside the store, before it is named for the outside.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The database, or the way to it.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// A stored text is not what this version writes.
    #[error("a stored text cannot be understood: {0}")]
    Json(#[from] serde_json::Error),
    /// A file beside the database.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Already in the port's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Sql(error) => of_sql(error),
            Failure::Json(_) => Self::Failed(failure.to_string()),
            Failure::Io(error) => of_io(&error),
            Failure::Store(error) => error,
        }
    }
}

fn of_io(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded | std::io::ErrorKind::FileTooLarge => {
            StoreError::Full(error.to_string())
        }
        _ => StoreError::Unavailable(error.to_string()),
    }
}

fn of_sql(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => of_database(&*error),
        sqlx::Error::Io(error) => of_io(&error),
        sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection became free in time".into()),
        error @ (sqlx::Error::Configuration(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => {
            StoreError::Unavailable(error.to_string())
        }
        error => StoreError::Failed(error.to_string()),
    }
}

fn of_database(error: &dyn DatabaseError) -> StoreError {
    named(error.code().as_deref().unwrap_or_default(), error.message().to_owned())
}

/// Names an error by its code: SQLite's are numbers, PostgreSQL's have five characters.
fn named(code: &str, message: String) -> StoreError {
    if code.len() == 5
        && let Some(class) = code.get(..2)
    {
        return match (class, code) {
            ("53", "53100") => StoreError::Full(message),
            (_, "55P03") => StoreError::Locked(message),
            // Connection, authentication and catalogue errors, too many connections, a server that starts or stops.
            ("08" | "28" | "3D" | "53" | "57", _) => StoreError::Unavailable(message),
            _ => StoreError::Failed(message),
        };
    }
    // The low byte is the primary result code; above it stand refinements. The refined I/O errors are those of the WAL's
    // shared memory, which a full disk refuses to grow.
    match code.parse::<i32>() {
        Ok(4874 | 5386) => StoreError::Full(message),
        Ok(code) => match code & 0xff {
            5 | 6 => StoreError::Locked(message),
            13 => StoreError::Full(message),
            8 | 14 | 26 => StoreError::Unavailable(message),
            _ => StoreError::Failed(message),
        },
        Err(_) => StoreError::Failed(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_named_for_both_databases() {
        for (code, expected) in [
            ("5", "Locked"),
            ("261", "Locked"),
            ("517", "Locked"),
            ("6", "Locked"),
            ("13", "Full"),
            ("4874", "Full"),
            ("14", "Unavailable"),
            ("26", "Unavailable"),
            ("1032", "Unavailable"),
            ("778", "Failed"),
            ("2067", "Failed"),
            ("53100", "Full"),
            ("55P03", "Locked"),
            ("53300", "Unavailable"),
            ("28P01", "Unavailable"),
            ("3D000", "Unavailable"),
            ("57P03", "Unavailable"),
            ("23505", "Failed"),
            ("", "Failed"),
        ] {
            let shown = format!("{:?}", named(code, "m".into()));
            assert!(shown.starts_with(expected), "{code}: {shown}");
        }
    }
}
