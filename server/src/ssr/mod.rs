//! Pages, rendered on the server: whole HTML with data in the first byte, readable without JavaScript.
//!
//! The only place in the server that knows Leptos.

mod source;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{OriginalUri, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use leptos::config::LeptosOptions;
use leptos::context::provide_context;
use leptos::nonce::use_nonce;
use leptos_axum::ResponseOptions;
use pilothouse_app::boot::{Boot, Outline, content_security_policy, shell};
use pilothouse_app::data::{PageSource, PageStatus};
use pilothouse_app::preferences::Preferences;
use pilothouse_console::Rights;

use crate::http::AppState;
use source::ConsoleSource;

/// Tells Leptos where its futures run. Once, before the first page.
pub(crate) fn start() {
    // A second call in one process finds it set, to the same.
    let _ = any_spawner::Executor::init_tokio();
}

/// Any path that is no other route: the app's router knows which page it is.
pub(crate) async fn page(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    OriginalUri(whole): OriginalUri,
    mut request: Request,
) -> Response {
    // The app's router knows the base path and wants to see it.
    *request.uri_mut() = whole;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let preferences = preferences(request.headers());
    let boot = Boot {
        base: state.base.to_string(),
        preferences,
        build: state.build.to_string(),
        now: state.console.now(),
        assets: state.site.assets(),
        outline: Outline::new(
            rights.actor().clone(),
            state.console.totals(&rights),
            state.console.horizon(&rights),
            state.console.registries(&rights).registries,
        ),
    };
    let source: Arc<dyn PageSource> = Arc::new(ConsoleSource::new(state.clone(), rights));
    let status = PageStatus::default();
    let context = {
        let (boot, status) = (boot.clone(), status.clone());
        move || {
            provide_context(boot.clone());
            provide_context(Arc::clone(&source));
            provide_context(status.clone());
            provide_context(LeptosOptions::builder().output_name("pilothouse").build());
            if let (Some(nonce), Some(options)) = (use_nonce(), leptos::context::use_context::<ResponseOptions>())
                && let Ok(policy) = HeaderValue::from_str(&content_security_policy(&nonce))
            {
                options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || shell(boot.clone()));
    let mut response = render(request.map(Body::new)).await;
    if let Ok(status) = StatusCode::from_u16(status.get())
        && response.status().is_success()
    {
        *response.status_mut() = status;
    }
    response
}

fn preferences(headers: &HeaderMap) -> Preferences {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Preferences::from_headers(text(header::COOKIE), text(header::ACCEPT_LANGUAGE))
}
