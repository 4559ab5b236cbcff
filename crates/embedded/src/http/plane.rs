//! The faces of the interface. The same operation is asked and answered differently on each.

use std::pin::Pin;

use axum::extract::State;
use axum::response::Response;

use super::App;
use super::call::Call;
use super::refusal::Refusal;

/// Which face a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plane {
    /// Plain text and bare JSON.
    NamingV1,
    /// `{code,message,data}`.
    NamingV2,
    /// Plain text and bare JSON; errors begin with "caused: ".
    ConfigV1,
    /// `{code,message,data}`.
    ConfigV2,
    /// As `ConfigV1`, but for the types of bodies.
    ConsoleV1,
}

impl Plane {
    pub(super) fn is_v2(self) -> bool {
        matches!(self, Self::NamingV2 | Self::ConfigV2)
    }
}

/// What a handler answers.
pub(super) type Outcome = Result<Response, Refusal>;

type Served = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Makes an axum handler of an operation: refusals are worded for the plane it was asked on.
pub(super) fn on<F, Answer>(plane: Plane, operation: F) -> impl Fn(State<App>, Call) -> Served + Clone + Send + 'static
where
    F: Fn(App, Call, Plane) -> Answer + Clone + Send + 'static,
    Answer: Future<Output = Outcome> + Send + 'static,
{
    move |State(app), call| {
        let path = call.path.clone();
        let now = app.core.now();
        let answer = operation(app, call, plane);
        Box::pin(async move { answer.await.unwrap_or_else(|refusal| refusal.into_response(plane, &path, now)) })
    }
}
