//! Tiny HTTP servers that do one thing to every request.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use pilothouse_model::Millis;
use pilothouse_registry::transport::{Endpoints, EndpointsConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What a server does once it has read a whole request.
#[derive(Clone)]
pub(crate) enum Does {
    /// Sends these bytes and reads on.
    Sends(Vec<u8>),
    /// Says nothing and holds the connection.
    Nothing,
    /// Sends these bytes and closes.
    HangsUpAfter(Vec<u8>),
}

/// A running server; stopped when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    does: Arc<Mutex<Does>>,
    seen: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
    task: AbortHandle,
}

impl Server {
    pub(crate) async fn start(does: Does) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (does, seen, connections) = (Arc::new(Mutex::new(does)), Arc::default(), Arc::default());
        let task = tokio::spawn(accept(listener, Arc::clone(&does), Arc::clone(&seen), Arc::clone(&connections))).abort_handle();
        Self { url, does, seen, connections, task }
    }

    pub(crate) fn now_does(&self, does: Does) {
        *self.does.lock() = does;
    }

    /// The request lines it read, in order.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().clone()
    }

    /// Connections open now.
    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, does: Arc<Mutex<Does>>, seen: Arc<Mutex<Vec<String>>>, connections: Arc<Mutex<usize>>) {
    let mut open = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (does, seen, connections) = (Arc::clone(&does), Arc::clone(&seen), Arc::clone(&connections));
        *connections.lock() += 1;
        open.spawn(async move {
            let _ = serve(stream, &does, &seen).await;
            *connections.lock() -= 1;
        });
    }
}

async fn serve(mut stream: TcpStream, does: &Mutex<Does>, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let Some(request) = read_request(&mut stream, &mut buffer).await? else { return Ok(()) };
        seen.lock().push(request);
        let does = does.lock().clone();
        match does {
            Does::Sends(bytes) => stream.write_all(&bytes).await?,
            Does::HangsUpAfter(bytes) => return stream.write_all(&bytes).await,
            Does::Nothing => {
                // Until the client goes away.
                stream.read_buf(&mut buffer).await?;
                return Ok(());
            }
        }
    }
}

/// The request line and, behind a space, the body.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length =
                head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ").map(|n| n.parse::<usize>().unwrap()));
            let whole = end + 4 + length.unwrap_or(0);
            if buffer.len() >= whole {
                let body = String::from_utf8_lossy(&buffer[end + 4..whole]).into_owned();
                buffer.drain(..whole);
                let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1");
                return Ok(Some(format!("{line} {body}").trim_end().to_owned()));
            }
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> Does {
    Does::Sends(format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

pub(crate) fn json(body: &str) -> Does {
    answer("200 OK", "application/json", body)
}

/// A URL where nothing listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub(crate) fn config(urls: &[&str]) -> EndpointsConfig {
    let mut config = EndpointsConfig::new(urls.iter().map(|url| (*url).to_owned()).collect(), "Nacos");
    config.connect_timeout = Duration::from_secs(2);
    config.request_timeout = Duration::from_secs(1);
    config
}

pub(crate) fn endpoints(urls: &[&str]) -> Endpoints {
    Endpoints::new(config(urls), Arc::new(|| Millis(1_000_000))).unwrap()
}

/// Polls until `condition` holds; fails the test after five seconds.
pub(crate) async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    while !condition() {
        assert!(tokio::time::Instant::now() < deadline, "{what} never happened");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
