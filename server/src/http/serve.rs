//! Accepting connections: HTTP/1.1 with small buffers, because most of them are idle streams.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Read and write buffer of a connection; also the largest request head.
const BUFFER: usize = 8 * 1024;
/// A client has this long to send a request's head.
const HEAD: Duration = Duration::from_secs(30);
/// How long connections may take to end after the streams were told `bye`.
const DRAIN: Duration = Duration::from_millis(600);

/// Serves until `stop`, then lets what is under way end, for [`DRAIN`] at most.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    // Every connection holds a receiver; when the last one is gone, all have ended.
    let open = watch::Sender::new(());
    loop {
        let (socket, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: waiting is all that helps.
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let (router, stop, open) = (router.clone(), stop.clone(), open.subscribe());
        tokio::spawn(async move {
            connection(socket, peer, router, stop).await;
            drop(open);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, open.closed()).await.is_err() {
        tracing::info!(connections = open.receiver_count(), "connections were cut off");
    }
}

async fn connection(socket: TcpStream, peer: SocketAddr, router: Router, stop: CancellationToken) {
    // Frames are small and must not wait for more.
    let _ = socket.set_nodelay(true);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(socket), TowerToHyperService::new(service));
    tokio::pin!(connection);
    tokio::select! {
        // A client that goes away in the middle is no news.
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
