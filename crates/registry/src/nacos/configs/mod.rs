//! The config module: list, get, put, delete, history, listeners, gray publishes.
//!
//! Compare-and-set has holes, which are closed here as far as they can be: `casMd5` *creates* a config that is not there,
//! so a put against a revision first reads that there is one; the same hole makes a put against "absent" exact, with an md5
//! that no content has. A delete knows no compare-and-set: it reads before, and what happens in between is lost.

mod document;
mod gray;
mod history;
mod list;
mod put;

use pilothouse_model::{ConfigKey, RegistryId, Revision};

use super::Plane;
use super::names::config_namespace;
use super::session::Session;
use crate::transport::Ask;

/// The config module of one cluster.
pub(super) struct Configs<'a> {
    pub(super) session: &'a Session,
    pub(super) plane: Plane,
    pub(super) registry: &'a RegistryId,
}

impl Configs<'_> {
    /// The path of `name` on a v3 plane, or the v1 path given.
    fn path(&self, v1: &str, v3: &str) -> String {
        self.plane.v3_prefix().map_or_else(|| v1.to_owned(), |prefix| format!("{prefix}{v3}"))
    }

    fn is_v1(&self) -> bool {
        self.plane == Plane::V1
    }

    /// The fields that name a config: other words on each plane.
    fn fields(&self, key: &ConfigKey) -> [(&'static str, String); 3] {
        let (tenant, group) = if self.is_v1() { ("tenant", "group") } else { ("namespaceId", "groupName") };
        [
            ("dataId", key.data_id.to_string()),
            (group, key.scope.group.to_string()),
            (tenant, config_namespace(&key.scope.namespace, self.plane).to_owned()),
        ]
    }

    fn named(&self, ask: Ask, key: &ConfigKey) -> Ask {
        self.fields(key).into_iter().fold(ask, |ask, (name, value)| ask.query(name, value))
    }
}

/// Nacos' revision of a content.
fn md5(content: &str) -> Revision {
    use md5::{Digest, Md5};
    let digest = Md5::digest(content.as_bytes());
    Revision(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
}

/// An empty format, as some versions write none, is none.
fn format_of(format: Option<String>) -> Option<String> {
    format.filter(|format| !format.is_empty())
}
