//! Connections: counted, bounded, with TLS where the URL asks for it, and errors that say which step failed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::tls;

/// Why there is no connection. Whatever was to be sent was not sent.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("{0}")]
    Tcp(String),
    #[error("{0}")]
    Tls(String),
    #[error("no connection within {0} ms")]
    Slow(u128),
}

/// Makes connections for every endpoint of one registry.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    tls: Option<Arc<ClientConfig>>,
    limit: Duration,
    places: Arc<Semaphore>,
}

impl Connector {
    /// `limit` bounds name resolution, TCP and TLS together; `places` are the connections that may be held at once.
    pub(super) fn new(tls: Option<Arc<ClientConfig>>, limit: Duration, places: Arc<Semaphore>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(30)));
        Self { tcp, tls, limit, places }
    }

    async fn connect(mut self, uri: Uri) -> Result<Held, ConnectError> {
        let place = Arc::clone(&self.places).acquire_owned().await.expect("the semaphore is never closed");
        let limit = self.limit;
        let stream = tokio::time::timeout(limit, self.open(uri)).await.map_err(|_| ConnectError::Slow(limit.as_millis()))??;
        Ok(Held { stream, _place: place })
    }

    async fn open(&mut self, uri: Uri) -> Result<Stream, ConnectError> {
        let secure = uri.scheme_str() == Some("https");
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let tcp =
            tower_service::Service::call(&mut self.tcp, uri).await.map_err(|error| ConnectError::Tcp(super::failure::innermost(&error)))?;
        if !secure {
            return Ok(Stream::Plain(tcp));
        }
        let config = self.tls.clone().ok_or_else(|| ConnectError::Tls("TLS is not set up".into()))?;
        let name = ServerName::try_from(host).map_err(|_| ConnectError::Tls("its host is no name a certificate can carry".into()))?;
        let stream = TlsConnector::from(config).connect(name, tcp.into_inner()).await.map_err(|error| handshake_failed(&error))?;
        Ok(Stream::Secure(Box::new(TokioIo::new(stream))))
    }
}

fn handshake_failed(error: &io::Error) -> ConnectError {
    match tls::inside(error) {
        Some(error) => ConnectError::Tls(tls::words(error)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => ConnectError::Tls("it hung up during the handshake".into()),
        None => ConnectError::Tcp(error.to_string()),
    }
}

impl tower_service::Service<Uri> for Connector {
    type Response = Held;
    type Error = ConnectError;
    type Future = BoxFuture<'static, Result<Held, ConnectError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// A connection that occupies its place until it is closed.
pub(super) struct Held {
    stream: Stream,
    _place: OwnedSemaphorePermit,
}

enum Stream {
    Plain(TokioIo<TcpStream>),
    Secure(Box<TokioIo<TlsStream<TcpStream>>>),
}

impl Connection for Held {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Held {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(io) => Pin::new(io).poll_read(cx, buf),
            Stream::Secure(io) => Pin::new(io).poll_read(cx, buf),
        }
    }
}

impl Write for Held {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().stream {
            Stream::Plain(io) => Pin::new(io).poll_write(cx, buf),
            Stream::Secure(io) => Pin::new(io).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(io) => Pin::new(io).poll_flush(cx),
            Stream::Secure(io) => Pin::new(io).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(io) => Pin::new(io).poll_shutdown(cx),
            Stream::Secure(io) => Pin::new(io).poll_shutdown(cx),
        }
    }
}
