//! The HTTP interface: Nacos' v1 and v2 paths under `/nacos`, read as leniently and answered as literally as
//! Nacos 2.5.1 does it. The only place that knows status codes and parameter names.

mod answer;
mod call;
mod check;
mod config;
mod console;
mod fallback;
mod naming;
mod plane;
mod refusal;
mod time;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::core::Core;

/// What handlers share.
#[derive(Clone, Debug)]
struct App {
    core: Arc<Core>,
    /// Ends held requests.
    shutdown: CancellationToken,
}

pub(crate) fn router(core: Arc<Core>, shutdown: CancellationToken) -> Router {
    let api = Router::new().merge(naming::routes()).merge(config::routes()).merge(console::routes());
    let api = api.method_not_allowed_fallback(fallback::method).fallback(fallback::path);
    Router::new().nest("/nacos", api).fallback(fallback::outside).with_state(App { core, shutdown })
}

pub(crate) async fn serve(router: Router, listener: TcpListener, stop: CancellationToken, drain: Duration) -> io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Without it answers are only slower.
        let _ = stream.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    let too_long = async {
        stop.cancelled().await;
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        served = served.into_future() => served,
        () = too_long => Ok(()),
    }
}
