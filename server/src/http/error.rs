//! The one place where errors become status codes.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use pilothouse_api::{FilterError, Problem, ProblemCode};
use pilothouse_console::UseCaseError;
use pilothouse_console::ports::{OperatorError, StoreError};

/// A problem as an answer: `application/problem+json`.
#[derive(Debug)]
pub(crate) struct ProblemAnswer(Box<Problem>);

impl ProblemAnswer {
    /// A request that is wrong in this field.
    pub(crate) fn invalid(field: &str, why: impl Into<String>) -> Self {
        Problem::new(400, ProblemCode::Invalid, "The request is wrong", why).with_field(field).into()
    }

    /// Nothing is served here.
    pub(crate) fn no_such_route() -> Self {
        Problem::new(404, ProblemCode::NotFound, "There is nothing here", "the API is described at /api/openapi.json").into()
    }
}

impl IntoResponse for ProblemAnswer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(*self.0)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl From<Problem> for ProblemAnswer {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<UseCaseError> for ProblemAnswer {
    fn from(error: UseCaseError) -> Self {
        problem_of(error).into()
    }
}

impl From<FilterError> for ProblemAnswer {
    fn from(error: FilterError) -> Self {
        Self::invalid(error.field, error.to_string())
    }
}

impl From<JsonRejection> for ProblemAnswer {
    fn from(rejection: JsonRejection) -> Self {
        let status = rejection.status().as_u16();
        Problem::new(status, ProblemCode::Invalid, "The body cannot be read", rejection.body_text()).with_field("body").into()
    }
}

impl From<QueryRejection> for ProblemAnswer {
    fn from(rejection: QueryRejection) -> Self {
        Problem::new(400, ProblemCode::Invalid, "The query cannot be read", rejection.body_text()).with_field("query").into()
    }
}

/// The table of status codes.
pub(crate) fn problem_of(error: UseCaseError) -> Problem {
    let detail = error.to_string();
    let problem = |status, code, title: &str| Problem::new(status, code, title, detail.clone());
    match error {
        UseCaseError::NotFound(_) => problem(404, ProblemCode::NotFound, "There is no such thing"),
        UseCaseError::Forbidden { .. } => problem(403, ProblemCode::Forbidden, "This is not allowed for you"),
        UseCaseError::Invalid { field, .. } => problem(400, ProblemCode::Invalid, "The request is wrong").with_field(field),
        UseCaseError::Changed { current } => {
            let mut conflict = problem(409, ProblemCode::Conflict, "It was changed in the meantime");
            conflict.detail = match current.as_ref().map(serde_json::to_string) {
                Some(Ok(current)) => format!("nothing was written; it is now {current}"),
                _ => "nothing was written; the instance is not in its registry any more".into(),
            };
            conflict.with_current(current)
        }
        UseCaseError::Operator(error) => match error {
            OperatorError::UnknownRegistry(id) => problem(404, ProblemCode::NotFound, "The registry is not connected").with_registry(&id),
            OperatorError::Unsupported(_) => problem(422, ProblemCode::Unsupported, "This registry cannot do that"),
            OperatorError::Forbidden(_) => problem(502, ProblemCode::RegistryFailed, "The registry does not let this console do that"),
            OperatorError::Failed(_) => problem(502, ProblemCode::RegistryFailed, "The registry did not do it"),
            OperatorError::Ambiguous(_) => problem(504, ProblemCode::Ambiguous, "It may or may not have happened"),
            OperatorError::NotFound(_) => problem(404, ProblemCode::NotFound, "It is not in its registry"),
            OperatorError::Invalid { field, .. } => {
                problem(400, ProblemCode::Invalid, "The registry does not take this value").with_field(field)
            }
        },
        UseCaseError::Store(StoreError::Invalid { field, .. }) => {
            problem(400, ProblemCode::Invalid, "The request is wrong").with_field(field)
        }
        UseCaseError::Store(_) => problem(503, ProblemCode::StoreFailed, "The console's own store failed"),
    }
}
