//! Configs, their history, listeners and gray publishes.

use std::collections::BTreeMap;

use pilothouse_model::{ConfigOperation, ConfigRevision, Millis};
use serde::Deserialize;

use super::lenient;

/// A page of `/v1/cs`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct V1Page<T> {
    #[serde(default)]
    pub(in super::super) total_count: usize,
    #[serde(default = "Vec::new")]
    pub(in super::super) page_items: Vec<T>,
}

/// A config of `/v1/cs/configs`, in a list or with `show=all`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct V1Config {
    pub(in super::super) data_id: String,
    pub(in super::super) group: String,
    pub(in super::super) content: Option<String>,
    pub(in super::super) md5: Option<String>,
    #[serde(rename = "type")]
    pub(in super::super) format: Option<String>,
    pub(in super::super) app_name: Option<String>,
    pub(in super::super) desc: Option<String>,
    pub(in super::super) config_tags: Option<String>,
}

/// A config of the v3 planes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct V3Config {
    pub(in super::super) data_id: String,
    pub(in super::super) group_name: String,
    pub(in super::super) content: Option<String>,
    pub(in super::super) md5: Option<String>,
    #[serde(rename = "type")]
    pub(in super::super) format: Option<String>,
    pub(in super::super) app_name: Option<String>,
    pub(in super::super) desc: Option<String>,
    pub(in super::super) config_tags: Option<String>,
    /// Comma-separated, in the answer of a gray publish of 3.0; in 3.x it may stand in `grayRule` instead.
    pub(in super::super) beta_ips: Option<String>,
    /// JSON with the addresses in `expr`.
    pub(in super::super) gray_rule: Option<String>,
}

impl V3Config {
    /// The addresses of a gray publish, comma-separated.
    pub(in super::super) fn addresses(&self) -> String {
        #[derive(Deserialize)]
        struct Rule {
            expr: String,
        }
        let in_rule = || self.gray_rule.as_deref().and_then(|rule| serde_json::from_str::<Rule>(rule).ok()).map(|rule| rule.expr);
        self.beta_ips.clone().or_else(in_rule).unwrap_or_default()
    }
}

/// `…/cs/configs?beta=true`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct V1Beta {
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub(in super::super) beta_ips: String,
    #[serde(flatten)]
    pub(in super::super) config: V1Config,
}

/// `/v1/cs/configs/listener`; the misspelling is Nacos'.
#[derive(Debug, Deserialize)]
pub(in super::super) struct V1Listeners {
    #[serde(default, rename = "lisentersGroupkeyStatus", deserialize_with = "lenient::or_default")]
    pub(in super::super) by_address: BTreeMap<String, String>,
}

/// `/v3/…/cs/config/listener`.
#[derive(Debug, Deserialize)]
pub(in super::super) struct V3Listeners {
    #[serde(default, rename = "listenersStatus", deserialize_with = "lenient::or_default")]
    pub(in super::super) by_address: BTreeMap<String, String>,
}

/// A history row of v1. The creation time is always 2010; the modification time is the row's.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct V1History {
    #[serde(deserialize_with = "lenient::id")]
    id: String,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    src_user: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    op_type: String,
    #[serde(default)]
    publish_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::moment")]
    last_modified_time: i64,
}

/// A history row of the v3 planes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct V3History {
    #[serde(deserialize_with = "lenient::id")]
    id: String,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    src_user: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    op_type: String,
    #[serde(default)]
    publish_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::moment")]
    modify_time: i64,
}

impl V1History {
    /// The revision, unless the row is of a gray publish.
    pub(in super::super) fn into_revision(self) -> Option<ConfigRevision> {
        revision(self.id, &self.op_type, self.publish_type.as_deref(), self.last_modified_time, self.src_user, self.content)
    }
}

impl V3History {
    /// The revision, unless the row is of a gray publish.
    pub(in super::super) fn into_revision(self) -> Option<ConfigRevision> {
        revision(self.id, &self.op_type, self.publish_type.as_deref(), self.modify_time, self.src_user, self.content)
    }
}

/// The operation is padded with blanks to ten characters.
fn revision(id: String, op: &str, publish: Option<&str>, at: i64, by: Option<String>, content: Option<String>) -> Option<ConfigRevision> {
    if publish.is_some_and(|kind| !kind.is_empty() && kind != "formal") {
        return None;
    }
    let operation = match op.trim() {
        "I" => ConfigOperation::Create,
        "U" => ConfigOperation::Update,
        "D" => ConfigOperation::Delete,
        _ => return None,
    };
    Some(ConfigRevision { id, operation, at: Millis(at), by: by.filter(|by| !by.is_empty()), content })
}
