//! A registry on a loopback socket, and a small HTTP client that shares nothing with it.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pilothouse_embedded::{Embedded, EmbeddedConfig, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Served {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = EmbeddedConfig { data_dir: folder.path().to_owned(), clock: Arc::new(SystemClock) };
        let embedded = Embedded::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let task = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { embedded.serve(listener, shutdown).await.unwrap() }
        });
        Self { address, shutdown, task, _folder: folder }
    }

    /// Shuts down, which must not take a second even with held requests.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(1), self.task).await.expect("shutdown within a second").unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        request(self.address, "GET", path, &[], "").await
    }

    pub(crate) async fn publish(&self, form: &str, headers: &[(&str, &str)]) {
        assert_eq!(request(self.address, "POST", "/nacos/v1/cs/configs", headers, form).await, "true");
    }

    pub(crate) fn spawn_poll(&self, form: String, ip: &'static str) -> JoinHandle<String> {
        let address = self.address;
        tokio::spawn(async move {
            let headers = [("Long-Pulling-Timeout", "30000"), ("X-Forwarded-For", ip)];
            request(address, "POST", "/nacos/v1/cs/configs/listener", &headers, &form).await
        })
    }

    /// Returns when so many clients listen to a config of group `G`.
    pub(crate) async fn until_listening(&self, data_id: &str, clients: usize) {
        let listening = async {
            loop {
                let answer = self.get(&format!("/nacos/v1/cs/configs/listener?dataId={data_id}&group=G")).await;
                let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
                if answer["lisentersGroupkeyStatus"].as_object().unwrap().len() == clients {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), listening).await.expect("so many clients listen");
    }
}

/// One request on a connection of its own; gives back the body.
pub(crate) async fn request(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], form: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}", form.len()));
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    body.to_owned()
}
