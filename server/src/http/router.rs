//! The one table of routes.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api::{instances, ledger, overview, registries, services, session};
use super::{AppState, ProblemAnswer, discovery, guard, health, metrics, security, stream};
use crate::ssr;

/// Largest request body: metadata of one instance, with room.
const MAX_BODY: usize = 256 * 1024;
const FOR_EVER: http::HeaderValue = http::HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(OpenApi)]
#[openapi(info(
    title = "Pilothouse",
    description = "The JSON API of a Pilothouse console. Times are UTC milliseconds; errors are RFC 9457 problems.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

/// The API's routes and their description, from the same declarations.
fn described() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(overview::overview))
        .routes(routes!(overview::horizon))
        .routes(routes!(services::list))
        .routes(routes!(services::one))
        .routes(routes!(registries::list))
        .routes(routes!(ledger::read))
        .routes(routes!(session::session))
        .routes(routes!(instances::edit))
        .routes(routes!(instances::deregister))
        .routes(routes!(stream::open))
        .routes(routes!(stream::set_topics))
        .routes(routes!(discovery::targets))
        .routes(routes!(metrics::metrics))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .split_for_parts()
}

/// The OpenAPI document, as JSON text.
pub(crate) fn openapi() -> String {
    described().1.to_pretty_json().expect("the document is made of strings and maps")
}

/// Everything that is served, below the base path.
pub(crate) fn router(state: AppState) -> Router {
    ssr::start();
    let document = bytes::Bytes::from(openapi());
    let document = move || std::future::ready(([(http::header::CONTENT_TYPE, "application/json")], document.clone()));
    let assets = tower::ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(http::header::CACHE_CONTROL, FOR_EVER))
        .service(ServeDir::new(state.site.folder()).precompressed_br().precompressed_gzip());
    let routes = described()
        .0
        .route("/api/openapi.json", axum::routing::get(document))
        .route("/api/{*rest}", axum::routing::any(async || ProblemAnswer::no_such_route()))
        .nest_service("/assets", assets)
        .fallback(ssr::page)
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(from_fn_with_state(state.clone(), metrics::count))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .layer(from_fn(security::headers))
        .layer(CatchPanicLayer::new());
    let base = state.base.to_string();
    let routes = routes.with_state(state);
    if base.is_empty() {
        return routes;
    }
    // A nested router does not answer its own path with a slash behind, which is where links to the first page lead.
    Router::new().route_service(&format!("{base}/"), routes.clone().into_service()).nest(&base, routes)
}
