//! Requests of the browser to `/api/v1`, with every failure as a [`Problem`].

use gloo_net::http::{Method, RequestBuilder, Response};
use pilothouse_api::{Problem, ProblemCode};
use send_wrapper::SendWrapper;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads `path` below `/api/v1`.
pub(super) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Problem> {
    let request = request(path).method(Method::GET);
    // A browser has one thread: the wrapper only tells the type system so.
    SendWrapper::new(async move { read(request.send().await).await }).await
}

/// Sends a JSON body to `path` below `/api/v1`. An answer without a body reads as `null`.
pub(super) async fn send<B: Serialize, T: DeserializeOwned>(method: &str, path: &str, body: &B) -> Result<T, Problem> {
    let method = if method == "PUT" { Method::PUT } else { Method::POST };
    let request = request(path).method(method).json(body);
    SendWrapper::new(async move {
        let request = request.map_err(unreadable)?;
        read(request.send().await).await
    })
    .await
}

/// `document.cookie`.
#[cfg(feature = "csr")]
pub(crate) fn cookie() -> Option<String> {
    use wasm_bindgen::JsCast;

    leptos::prelude::document().dyn_ref::<web_sys::HtmlDocument>()?.cookie().ok()
}

fn request(path: &str) -> RequestBuilder {
    RequestBuilder::new(&crate::place::href(&format!("/api/v1/{path}"))).header("accept", "application/json, application/problem+json")
}

async fn read<T: DeserializeOwned>(answer: Result<Response, gloo_net::Error>) -> Result<T, Problem> {
    let answer = answer.map_err(unreachable)?;
    let text = answer.text().await.map_err(unreachable)?;
    if answer.ok() {
        let text = if text.is_empty() { "null" } else { &text };
        return serde_json::from_str(text).map_err(unreadable);
    }
    // A proxy in between answers in its own words.
    Err(serde_json::from_str(&text).unwrap_or_else(|_| {
        Problem::new(
            answer.status(),
            ProblemCode::Unreachable,
            "the console did not answer",
            format!("{} from {}", answer.status(), answer.url()),
        )
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape `map_err` wants")]
fn unreachable(error: gloo_net::Error) -> Problem {
    Problem::new(0, ProblemCode::Unreachable, "the console does not answer", error.to_string())
}

fn unreadable(error: impl ToString) -> Problem {
    Problem::new(0, ProblemCode::Internal, "the console's answer cannot be read", error.to_string())
}
