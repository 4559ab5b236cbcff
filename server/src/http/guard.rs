//! Before any handler: may this host, origin and site ask, and who is asking.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use pilothouse_api::{Problem, ProblemCode};
use pilothouse_console::Rights;

use super::{AppState, ProblemAnswer};

/// Refuses strangers, and hands the rights of everyone else to the handlers.
pub(super) async fn guard(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Err(refused) = state.origin.check(peer.ip(), request.method(), request.headers()) {
        return ProblemAnswer::from(Problem::new(403, ProblemCode::CrossSite, "This request is refused", refused.to_string()))
            .into_response();
    }
    request.extensions_mut().insert(Rights::local());
    next.run(request).await
}
