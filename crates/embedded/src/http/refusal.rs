//! Bodies of refusal, in the words Nacos 2.5.1 uses on each plane: clients and consoles match on them.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::answer::{JSON, JSON_UTF8, TEXT, body, envelope, json, untyped};
use super::plane::Plane;
use super::time::iso;
use crate::config::{ConfigError, ListenError};
use crate::core::ChangeError;
use crate::naming::NamingError;
use crate::persist::JournalError;

/// How Nacos asks for a parameter, which decides how it complains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// By its own reader.
    Own,
    /// By the web framework.
    Framework,
    /// By a form object (v2).
    Form,
}

/// Why a request was not served.
#[derive(Debug)]
pub(super) enum Refusal {
    Missing {
        name: &'static str,
        java: &'static str,
        asked: Asked,
    },
    /// The parameter check in front of every operation; the text as it is sent.
    Illegal(String),
    /// The service name does not split into group and name.
    ServiceName(&'static str),
    /// A value the operation does not take: 400, code 20002.
    Invalid(String),
    /// A value of the wrong type.
    NotA {
        java: &'static str,
        value: String,
    },
    /// Metadata that is neither JSON nor pairs.
    Metadata(String),
    /// The body of an error page: status and message.
    Page(StatusCode, String),
    /// Something that is not there: status, v2 code and message, text.
    Unknown {
        status: StatusCode,
        code: u32,
        message: &'static str,
        text: String,
    },
    Naming(NamingError),
    Config(ConfigError),
    NotDurable(JournalError),
    Busy(String),
}

impl From<NamingError> for Refusal {
    fn from(error: NamingError) -> Self {
        Self::Naming(error)
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        Self::NotDurable(error)
    }
}

impl From<ChangeError<NamingError>> for Refusal {
    fn from(error: ChangeError<NamingError>) -> Self {
        match error {
            ChangeError::Refused(error) => Self::Naming(error),
            ChangeError::NotDurable(error) => Self::NotDurable(error),
        }
    }
}

impl From<ChangeError<ConfigError>> for Refusal {
    fn from(error: ChangeError<ConfigError>) -> Self {
        match error {
            ChangeError::Refused(error) => Self::Config(error),
            ChangeError::NotDurable(error) => Self::NotDurable(error),
        }
    }
}

impl From<ListenError> for Refusal {
    fn from(error: ListenError) -> Self {
        Self::Page(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl Refusal {
    /// Words the refusal for a plane.
    pub(super) fn into_response(self, plane: Plane, path: &str, now: i64) -> Response {
        let bad = StatusCode::BAD_REQUEST;
        let fault = StatusCode::INTERNAL_SERVER_ERROR;
        match self {
            Self::Missing { name, java, asked } => missing(plane, name, java, asked),
            Self::Illegal(text) if plane == Plane::ConfigV1 => body(bad, JSON_UTF8, text),
            Self::Illegal(text) => untyped(bad, text),
            Self::ServiceName(text) if plane.is_v2() => envelope(bad, 20002, "parameter validate error", &text),
            Self::ServiceName(text) => page(bad, &format!("Service name filter error,caused: {text};"), path, now),
            Self::Invalid(text) => worded(plane, bad, 20002, "parameter validate error", &text),
            Self::NotA { java, value } => not_a(plane, java, &value),
            Self::Metadata(text) if plane.is_v2() => {
                envelope(bad, 20002, "parameter validate error", &format!("metadata format incorrect:{text}"))
            }
            Self::Metadata(text) => {
                let text = format!(
                    "Server failed, caused: ErrCode:400, ErrMsg:metadata format incorrect:{text};caused: metadata format incorrect:{text};"
                );
                page(fault, &text, path, now)
            }
            Self::Page(status, message) => page(status, &message, path, now),
            Self::Unknown { status, code, message, text } => worded(plane, status, code, message, &text),
            Self::Naming(error) => naming(plane, &error),
            Self::Config(error) => config(plane, &error),
            Self::NotDurable(error) => worded(plane, fault, 30000, "server error", &error.to_string()),
            Self::Busy(text) => worded(plane, StatusCode::SERVICE_UNAVAILABLE, 30000, "server error", &text),
        }
    }
}

/// The error page of the web framework.
pub(super) fn page(status: StatusCode, message: &str, path: &str, now: i64) -> Response {
    #[derive(Serialize)]
    struct Page<'a> {
        timestamp: String,
        status: u16,
        error: &'a str,
        message: &'a str,
        path: &'a str,
    }
    let error = status.canonical_reason().unwrap_or_default();
    let kind = if path.starts_with("/nacos/v1/cs/") { JSON_UTF8 } else { JSON };
    json(status, kind, &Page { timestamp: iso(now), status: status.as_u16(), error, message, path })
}

fn worded(plane: Plane, status: StatusCode, code: u32, message: &str, text: &str) -> Response {
    match plane {
        Plane::NamingV1 => body(status, TEXT, text.to_owned()),
        Plane::ConfigV1 | Plane::ConsoleV1 => body(status, TEXT, format!("caused: {text};")),
        Plane::NamingV2 | Plane::ConfigV2 => envelope(status, code, message, &text),
    }
}

fn missing(plane: Plane, name: &str, java: &str, asked: Asked) -> Response {
    let text = match (plane, asked) {
        (Plane::NamingV1, Asked::Own) => return body(StatusCode::BAD_REQUEST, TEXT, format!("Param '{name}' is required.")),
        (Plane::NamingV1, _) => return body(StatusCode::BAD_REQUEST, TEXT, format!("Parameter '{name}' is missing")),
        (Plane::ConfigV1 | Plane::ConsoleV1, _) => {
            let text = format!("caused: Required request parameter &#39;{name}&#39; for method parameter type {java} is not present;");
            return body(StatusCode::INTERNAL_SERVER_ERROR, TEXT, text);
        }
        (_, Asked::Form) => format!("Required parameter '{name}' type {java} is not present"),
        (_, _) => format!("Required request parameter '{name}' for method parameter type {java} is not present"),
    };
    envelope(StatusCode::BAD_REQUEST, 10000, "parameter missing", &text)
}

fn not_a(plane: Plane, java: &str, value: &str) -> Response {
    let cause = format!("For input string: \"{value}\"");
    let text = format!(
        "Failed to convert value of type 'java.lang.String' to required type '{java}'; nested exception is java.lang.NumberFormatException: {cause}"
    );
    match plane {
        Plane::NamingV1 if java == "double" => body(StatusCode::BAD_REQUEST, TEXT, cause),
        Plane::NamingV1 => body(StatusCode::INTERNAL_SERVER_ERROR, TEXT, format!("caused: {text};caused: {cause};")),
        Plane::ConfigV1 | Plane::ConsoleV1 => body(StatusCode::BAD_REQUEST, TEXT, format!("caused: {text};caused: {cause};")),
        Plane::NamingV2 | Plane::ConfigV2 => {
            #[derive(Serialize)]
            struct Failure<'a> {
                code: u32,
                message: &'a str,
                data: Value,
            }
            json(StatusCode::INTERNAL_SERVER_ERROR, JSON, &Failure { code: 30000, message: &text, data: Value::Null })
        }
    }
}

fn naming(plane: Plane, error: &NamingError) -> Response {
    let bad = StatusCode::BAD_REQUEST;
    let (status, code, message) = match error {
        NamingError::Weight | NamingError::ClusterName(_) | NamingError::Periods => (bad, 20002, "parameter validate error"),
        NamingError::WrongKind { .. } => (bad, 30000, "server error"),
        NamingError::ServiceExists(_) => (bad, 21007, "service already exist"),
        NamingError::ServiceUnknown(_) | NamingError::ServiceDetailUnknown { .. } => (bad, 21008, "service not exist"),
        NamingError::EditedServiceUnknown { .. } => (bad, 21004, "instance error"),
        NamingError::ServiceNotEmpty(_) => (bad, 21009, "service delete failure"),
        NamingError::ClusterEmpty { .. }
        | NamingError::InstanceUnknown
        | NamingError::CatalogServiceUnknown(_)
        | NamingError::CatalogClusterUnknown(_) => (StatusCode::NOT_FOUND, 20004, "resource not found"),
        NamingError::Full(_) => (StatusCode::INSUFFICIENT_STORAGE, 30000, "server error"),
    };
    worded(plane, status, code, message, &error.to_string())
}

fn config(plane: Plane, error: &ConfigError) -> Response {
    let (status, code, message) = match error {
        ConfigError::CasConflict => (StatusCode::INTERNAL_SERVER_ERROR, 20005, "resource conflict"),
        ConfigError::Full(_) => (StatusCode::INSUFFICIENT_STORAGE, 30000, "server error"),
        _ => (StatusCode::BAD_REQUEST, 20002, "parameter validate error"),
    };
    worded(plane, status, code, message, &error.to_string())
}
