//! The peer: the least an axum server can do to send the same bytes to everybody who listens. `GET /stream` follows, `POST /send`
//! sends its body as one event. Prints its address in the first line.

use std::{
    convert::Infallible,
    env, fs,
    io::{self, Write},
    time::Duration,
};

use anyhow::Result;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::header,
    response::IntoResponse,
    routing::{get, post},
};
use bytes::Bytes;
use futures::StreamExt;
use http_body_util::StreamBody;
use hyper::body::Frame;
use tempfile::TempDir;
use tokio::{net::TcpListener, process::Command, sync::broadcast};
use tokio_stream::wrappers::BroadcastStream;

use crate::{
    Arguments,
    process::{Measured, eventually},
};

/// This program once more, as the bare server.
pub(crate) struct Bare {
    pub(crate) process: Measured,
    url: String,
    _folder: TempDir,
}

impl Bare {
    /// Starts it.
    pub(crate) async fn start(arguments: &Arguments) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let log = folder.path().join("out.log");
        let mut command = Command::new(env::current_exe()?);
        command.args(["peer", "--program"]).arg(&arguments.program).arg("--site").arg(&arguments.site);
        let process = Measured::start(&mut command, &log)?;
        let url = eventually("the peer says where it is", Duration::from_secs(10), || async {
            Ok(fs::read_to_string(&log)?.split_once('\n').map(|(url, _)| url.to_owned()))
        });
        Ok(Self { url: url.await?, process, _folder: folder })
    }

    /// Where to listen.
    pub(crate) fn stream(&self) -> String {
        format!("{}/stream", self.url)
    }

    /// Where to send.
    pub(crate) fn send(&self) -> String {
        format!("{}/send", self.url)
    }
}

/// Serves until it is killed.
pub(crate) async fn serve() -> Result<()> {
    let (sender, _) = broadcast::channel::<Bytes>(1024);
    let app = Router::new().route("/stream", get(follow)).route("/send", post(send)).with_state(sender);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    Ok(axum::serve(listener, app).await?)
}

async fn follow(State(sender): State<broadcast::Sender<Bytes>>) -> impl IntoResponse {
    let hello = futures::stream::once(async { Bytes::from_static(b"event: hello\ndata: {}\n\n") });
    let events = BroadcastStream::new(sender.subscribe()).filter_map(async |event| event.ok());
    let frames = hello.chain(events).map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::new(StreamBody::new(frames)))
}

async fn send(State(sender): State<broadcast::Sender<Bytes>>, event: Bytes) {
    // Nobody listens: nothing to do.
    let _ = sender.send(event);
}
