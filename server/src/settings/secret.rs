//! Secrets by reference: where one is found, never what it is.

use std::path::PathBuf;

use serde::Deserialize;

/// `env:NAME` or `file:PATH`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum SecretRef {
    /// An environment variable.
    Env(String),
    /// The first line of a file.
    File(PathBuf),
}

/// Why a secret was not read. Never holds the secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("a secret is written as env:NAME or file:PATH, never in plain text")]
    NotAReference,
    #[error("environment variable {0} is not set")]
    NotSet(String),
    #[error("the secret file {path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the secret from {0} is empty")]
    Empty(String),
}

impl TryFrom<String> for SecretRef {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Env(name.into())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err(SecretError::NotAReference),
        }
    }
}

impl SecretRef {
    /// Reads the secret.
    pub(crate) fn read(&self) -> Result<String, SecretError> {
        let (text, from) = match self {
            Self::Env(name) => (std::env::var(name).map_err(|_| SecretError::NotSet(name.clone()))?, format!("env:{name}")),
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|source| SecretError::Unreadable { path: path.clone(), source })?;
                (text.lines().next().unwrap_or_default().to_owned(), format!("file:{}", path.display()))
            }
        };
        if text.is_empty() { Err(SecretError::Empty(from)) } else { Ok(text) }
    }
}
