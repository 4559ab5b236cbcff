//! Configs are keys of Consul's KV store; a revision is a key's modify index.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pilothouse_model::{ConfigDocument, ConfigHead, ConfigKey, Expected, Namespace, Revision, Scope};

use super::client::Client;
use super::wire::KeyRow;
use crate::transport::{Ask, encode_segment};
use crate::{ConfigPage, RegistryError};

/// Consul's own bound of a value, in bytes.
const LARGEST: usize = 512 * 1024;
/// Names a page of a list holds. Consul has no pages: each one reads all names.
const PAGE: usize = 500;

impl Client {
    pub(super) async fn configs(&self, scope: &Scope, cursor: Option<&str>) -> Result<ConfigPage, RegistryError> {
        let dc = &scope.namespace;
        let what = format!("the keys of {dc}");
        let ask = Ask::get("/v1/kv/", &what).query("keys", "").query("dc", dc.as_str());
        let answer = self.ask(ask, true).await.inspect_err(|error| {
            if matches!(error, RegistryError::Forbidden { .. }) {
                self.state.forbidden(&what);
            }
        })?;
        let mut names: Vec<String> = if answer.status == 404 { Vec::new() } else { answer.json()? };
        self.state.read(&what, names.is_empty() && answer.header("x-consul-default-acl-policy") == Some("deny"));
        names.sort_unstable();
        let start = cursor.map_or(0, |after| names.partition_point(|name| name.as_str() <= after));
        let page: Vec<_> = names[start..].iter().take(PAGE).collect();
        let next = (start + page.len() < names.len()).then(|| page.last().map(|name| (*name).clone())).flatten();
        let head = |name: &&String| ConfigHead {
            key: ConfigKey { scope: scope.clone(), data_id: name.as_str().into() },
            revision: None,
            format: None,
        };
        Ok(ConfigPage { heads: page.iter().map(head).collect(), next })
    }

    pub(super) async fn config(&self, key: &ConfigKey) -> Result<Option<ConfigDocument>, RegistryError> {
        let Some(row) = self.key(key).await? else { return Ok(None) };
        let not_text = |_| RegistryError::Invalid { field: "content", why: format!("the value of {} is not text", key.data_id) };
        let bytes = STANDARD.decode(row.value.unwrap_or_default()).map_err(|error| not_text(error.to_string()))?;
        let content = String::from_utf8(bytes).map_err(|error| not_text(error.to_string()))?;
        Ok(Some(ConfigDocument { key: key.clone(), revision: revision(row.modify_index), content, format: None }))
    }

    /// Consul does not say which index a write got: it is read back. Where somebody else wrote in between, that is a
    /// conflict, for what was written is not what is there.
    pub(super) async fn put_config(&self, key: &ConfigKey, content: &str, expected: &Expected) -> Result<Revision, RegistryError> {
        let path = path(&key.data_id)?;
        if content.len() > LARGEST {
            return Err(RegistryError::Invalid {
                field: "content",
                why: format!("at most {LARGEST} bytes are allowed, these are {}", content.len()),
            });
        }
        let present = self.key(key).await?;
        let (cas, flags) = match (&present, expected) {
            (None, Expected::Absent) => (0, 0),
            (Some(row), Expected::Present(seen)) if revision(row.modify_index) == *seen => (row.modify_index, row.flags),
            _ => return Err(conflict(present.as_ref())),
        };
        let put = Ask::put(path, format!("the config {}", key.data_id))
            .query("dc", key.scope.namespace.as_str())
            .query("cas", cas.to_string())
            .query("flags", flags.to_string())
            .body("application/octet-stream", content.to_owned());
        let done: bool = self.ask(put, false).await?.json()?;
        let present = self.key(key).await?;
        match &present {
            Some(row) if done && row.value.as_deref().unwrap_or_default() == STANDARD.encode(content) => Ok(revision(row.modify_index)),
            _ => Err(conflict(present.as_ref())),
        }
    }

    /// Consul answers `true` when the key is not there, whatever was expected: so it is looked at first.
    pub(super) async fn delete_config(&self, key: &ConfigKey, expected: &Revision) -> Result<(), RegistryError> {
        let path = path(&key.data_id)?;
        let present = self.key(key).await?;
        let Some(row) = present.as_ref().filter(|row| revision(row.modify_index) == *expected) else {
            return Err(conflict(present.as_ref()));
        };
        let delete = Ask::delete(path, format!("the config {}", key.data_id))
            .query("dc", key.scope.namespace.as_str())
            .query("cas", row.modify_index.to_string());
        if self.ask(delete, false).await?.json::<bool>()? {
            return Ok(());
        }
        Err(conflict(self.key(key).await?.as_ref()))
    }

    async fn key(&self, key: &ConfigKey) -> Result<Option<KeyRow>, RegistryError> {
        let ask = Ask::get(path(&key.data_id)?, format!("the config {}", key.data_id)).query("dc", key.scope.namespace.as_str());
        let answer = self.ask(ask, true).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        Ok(answer.json::<Vec<KeyRow>>()?.into_iter().next())
    }
}

/// The scope of every key of a datacenter.
pub(super) fn scope(registry: &pilothouse_model::RegistryId, namespace: &Namespace) -> Scope {
    Scope { registry: registry.clone(), namespace: namespace.clone(), group: "".into() }
}

/// Consul cleans paths as a file system does, even where they are encoded: such a name would reach another key.
fn path(name: &str) -> Result<String, RegistryError> {
    let inner = name.strip_suffix('/').unwrap_or(name);
    if inner.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        let why = "Consul's HTTP API cannot name a key with an empty part, `.` or `..` between slashes".into();
        return Err(RegistryError::Invalid { field: "dataId", why });
    }
    let encoded: Vec<_> = name.split('/').map(encode_segment).collect();
    Ok(format!("/v1/kv/{}", encoded.join("/")))
}

fn revision(index: u64) -> Revision {
    Revision(index.to_string().into())
}

fn conflict(present: Option<&KeyRow>) -> RegistryError {
    RegistryError::Conflict { current: present.map(|row| revision(row.modify_index)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_would_be_cleaned_are_refused() {
        for (name, path_of) in
            [("a", "/v1/kv/a"), ("a/b c%订", "/v1/kv/a/b%20c%25%E8%AE%A2"), ("folder/", "/v1/kv/folder/"), ("a..b/.c", "/v1/kv/a..b/.c")]
        {
            assert_eq!(path(name).unwrap(), path_of);
        }
        for bad in ["", "/", "/a", "a//b", "a/../b", "./a", "a//"] {
            assert!(matches!(path(bad), Err(RegistryError::Invalid { field: "dataId", .. })), "{bad}");
        }
    }
}
