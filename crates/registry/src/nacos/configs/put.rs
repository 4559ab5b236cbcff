//! Publishing and deleting.

use pilothouse_model::{ConfigKey, Expected, Revision};

use super::document::Stored;
use super::{Configs, md5};
use crate::RegistryError;
use crate::transport::{Answer, Ask};

/// The md5 of the empty text. No config has it: an empty content is refused.
const OF_NOTHING: &str = "d41d8cd98f00b204e9800998ecf8427e";

impl Configs<'_> {
    /// Publishes over what is expected to be there. Description, tags and application stay: a publish that leaves them out
    /// would clear them.
    pub(in super::super) async fn put(
        &self,
        key: &ConfigKey,
        content: &str,
        format: Option<&str>,
        expected: &Expected,
    ) -> Result<Revision, RegistryError> {
        check(content)?;
        let stored = self.stored(key).await?;
        let present = stored.as_ref().map(|stored| stored.document.revision.clone());
        let cas = match (expected, present) {
            (Expected::Absent, None) => OF_NOTHING.to_owned(),
            (Expected::Present(expected), Some(present)) if *expected == present => present.0.to_string(),
            (_, current) => return Err(RegistryError::Conflict { current }),
        };
        let ask = Ask::post(self.path("/v1/cs/configs", "/cs/config"), format!("the publish of {}", key.data_id)).header("casMd5", cas);
        let answer = self.session.ask(ask.form(self.form(key, content, format, stored.as_ref()))).await?;
        if is_conflict(&answer) {
            let current = self.get(key).await?.map(|document| document.revision);
            return Err(RegistryError::Conflict { current });
        }
        self.done(answer)?;
        Ok(md5(content))
    }

    /// Deletes what is expected to be there. The server compares nothing: what is published between the read and the delete
    /// goes with it.
    pub(in super::super) async fn delete(&self, key: &ConfigKey, expected: &Revision) -> Result<(), RegistryError> {
        let current = self.get(key).await?.map(|document| document.revision);
        if current.as_ref() != Some(expected) {
            return Err(RegistryError::Conflict { current });
        }
        let ask = Ask::delete(self.path("/v1/cs/configs", "/cs/config"), format!("the removal of {}", key.data_id));
        let answer = self.session.ask(self.named(ask, key)).await?;
        self.done(answer)
    }

    /// The fields of a publish.
    pub(super) fn form(
        &self,
        key: &ConfigKey,
        content: &str,
        format: Option<&str>,
        stored: Option<&Stored>,
    ) -> Vec<(&'static str, String)> {
        let mut form: Vec<_> = self.fields(key).into();
        form.push(("content", content.to_owned()));
        let kept = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let format = format.map(str::to_owned).or_else(|| stored.and_then(|stored| kept(&stored.document.format)));
        form.extend(format.map(|format| ("type", format)));
        if let Some(stored) = stored {
            let tags = if self.is_v1() { "config_tags" } else { "configTags" };
            form.extend(kept(&stored.app_name).map(|value| ("appName", value)));
            form.extend(kept(&stored.description).map(|value| ("desc", value)));
            form.extend(kept(&stored.tags).map(|value| (tags, value)));
        }
        form
    }

    /// 1.x and 2.x answer the text "true", 3.x an envelope; `false` comes with status 200 too.
    pub(super) fn done(&self, answer: Answer) -> Result<(), RegistryError> {
        let answer = answer.ok()?;
        let text = answer.text();
        let envelope = serde_json::from_str::<super::super::wire::Envelope<serde_json::Value>>(&text).ok();
        let yes = envelope.map_or_else(|| text.trim() == "true", |envelope| envelope.data == Some(serde_json::Value::Bool(true)));
        if yes {
            return Ok(());
        }
        Err(RegistryError::Rejected {
            body: answer.excerpt(),
            endpoint: answer.endpoint,
            what: "the publish".into(),
            status: answer.status,
        })
    }
}

/// Nacos refuses blank contents, and a form above 10 MiB loses its fields: both are found before they are sent.
pub(super) fn check(content: &str) -> Result<(), RegistryError> {
    if content.trim().is_empty() {
        return Err(RegistryError::Invalid { field: "content", why: "Nacos keeps no blank content".into() });
    }
    if content.len() > 10 << 20 {
        return Err(RegistryError::Invalid { field: "content", why: "at most 10 MiB".into() });
    }
    Ok(())
}

/// 500 with words on 1.x and 2.x, with `false` on the v1 of 3.x, with code 20005 on v3.
fn is_conflict(answer: &Answer) -> bool {
    let text = answer.text();
    answer.status >= 400 && (text.contains("Cas publish fail") || text.contains("20005") || text.trim() == "false")
}
