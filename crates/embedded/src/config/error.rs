//! Why a config change was refused.

use thiserror::Error;

use super::MAX_CONTENT;

/// A refused config operation. The texts are those of Nacos 2.5.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum ConfigError {
    #[error("Cas publish fail, server md5 may have changed.")]
    CasConflict,
    #[error("content is blank : {0}")]
    BlankContent(String),
    #[error("invalid content, over {MAX_CONTENT}")]
    ContentTooLarge,
    #[error("too much config_tags, over 5")]
    TooManyTags,
    #[error("too long tag, over 64")]
    LongTag,
    #[error("too long desc, over 128")]
    LongDescription,
    #[error("too long betaIps, over 4096")]
    LongBetaIps,
    #[error("the registry is full: all contents together may not exceed {0} bytes")]
    Full(usize),
}
