//! RFC 9457 problem documents.

use pilothouse_model::InstanceEdit;
use serde::{Deserialize, Serialize};

/// What went wrong, to which registry, service or field, what is allowed, what to do. `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `about:blank#` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// Machine-readable cause.
    pub code: ProblemCode,
    /// One sentence.
    pub title: String,
    /// What happened and what to do, in words, without secrets.
    pub detail: String,
    /// The field of the request that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The registry it happened to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// With [`ProblemCode::Conflict`] on an instance: the fields asked about, as they are now. Absent when the instance is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Box<InstanceEdit>>,
}

/// Causes the browser tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum ProblemCode {
    /// A field of the request is wrong.
    Invalid,
    /// There is no such thing, or it may not be seen.
    NotFound,
    /// What the person saw is no longer so.
    Conflict,
    /// Not allowed for this actor.
    Forbidden,
    /// Wrong host, origin or fetch site.
    CrossSite,
    /// The registry cannot do that.
    Unsupported,
    /// The registry did not answer, refused us, or answered nonsense.
    RegistryFailed,
    /// A write was sent and its fate is not known.
    Ambiguous,
    /// The console's own store failed.
    StoreFailed,
    /// Anything else in the console itself.
    Internal,
    /// The browser could not reach the console.
    Unreachable,
}

impl Problem {
    /// A problem without field and registry.
    pub fn new(status: u16, code: ProblemCode, title: impl Into<String>, detail: impl Into<String>) -> Self {
        let name = serde_json::to_value(code).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        Self {
            kind: format!("about:blank#{name}"),
            status,
            code,
            title: title.into(),
            detail: detail.into(),
            field: None,
            registry: None,
            current: None,
        }
    }

    /// The same problem, about this field.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same problem, with what the instance's fields are now.
    #[must_use]
    pub fn with_current(mut self, current: Option<Box<InstanceEdit>>) -> Self {
        self.current = current;
        self
    }

    /// The same problem, about this registry.
    #[must_use]
    pub fn with_registry(mut self, registry: &impl ToString) -> Self {
        self.registry = Some(registry.to_string());
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl std::error::Error for Problem {}
