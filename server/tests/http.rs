//! The program as a stranger meets it over HTTP: one process, no registries.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A console on a free port, stopped when dropped.
struct Running {
    process: Child,
    address: SocketAddr,
    base: &'static str,
    _folder: TempDir,
}

impl Running {
    fn start(base: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        std::fs::create_dir(&site).unwrap();
        std::fs::write(site.join("manifest.json"), r#"{"style":"a.css","script":"a.js","wasm":"a.wasm"}"#).unwrap();
        std::fs::write(site.join("a.css"), "body{}").unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_pilothouse"))
            .args(["serve", "--port", "0", "--site-dir"])
            .arg(&site)
            .arg("--data-dir")
            .arg(folder.path().join("data"))
            .env("PILOTHOUSE__SERVER__BASE_PATH", base)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Pilothouse: http://").expect("the first line is the address");
        let address = url.strip_suffix(base).unwrap().parse().unwrap();
        Self { process, address, base, _folder: folder }
    }

    /// One request over a connection of its own: status, head, body.
    async fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String, String) {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let host = if headers.to_lowercase().contains("host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let request = format!(
            "{method} {}{path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.base,
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), head.to_lowercase(), body.to_owned())
    }

    async fn get(&self, path: &str) -> (u16, String, String) {
        self.ask("GET", path, "", "").await
    }

    /// Opens a stream and reads until `seen` occurs in it.
    async fn stream(&self, query: &str, seen: &str) -> (TcpStream, String) {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {}/api/v1/stream?{query} HTTP/1.1\r\nHost: {}\r\n\r\n", self.base, self.address);
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        let mut buffer = vec![0; 4096];
        while !text.contains(seen) {
            let read = socket.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the stream ended: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        (socket, text)
    }

    fn terminate(&mut self) -> (std::process::ExitStatus, Duration) {
        let asked = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap().success());
        (self.process.wait().unwrap(), asked.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn problem(body: &str) -> (String, String) {
    let problem: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    (problem["code"].as_str().unwrap().to_owned(), problem["field"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn wrong_requests_are_problems_that_name_the_field() {
    let console = Running::start("");
    for (path, status, code, field) in [
        ("/api/v1/services?state=dead", 400, "invalid", "state"),
        ("/api/v1/services?sort=x", 400, "invalid", "sort"),
        ("/api/v1/services?limit=0", 400, "invalid", "limit"),
        ("/api/v1/services?cursor=x", 400, "invalid", "cursor"),
        ("/api/v1/services/nonsense", 400, "invalid", "id"),
        ("/api/v1/services/x~0123456789abcdef", 404, "notFound", ""),
        ("/api/v1/ledger?limit=501", 400, "invalid", "limit"),
        ("/api/v1/ledger?since=2&until=1", 400, "invalid", "since"),
        ("/api/v1/ledger?wrong=1", 400, "invalid", "query"),
        ("/api/v1/stream", 400, "invalid", "topics"),
        ("/api/v1/stream?topics=totals,nonsense", 400, "invalid", "topics"),
        ("/api/v1/stream?topics=totals&cursor=nonsense", 400, "invalid", "cursor"),
        ("/api/v1/nothing", 404, "notFound", ""),
    ] {
        let (found, head, body) = console.get(path).await;
        assert_eq!((found, problem(&body)), (status, (code.into(), field.into())), "{path}: {body}");
        assert!(head.contains("content-type: application/problem+json"), "{head}");
    }
    let json = "Content-Type: application/json\r\n";
    let (status, _, body) = console.ask("POST", "/api/v1/instances/0123456789abcdef/edit", json, "{\"edit\":{\"wieght\":1}}").await;
    assert_eq!((status, problem(&body).0), (422, "invalid".into()), "{body}");
    let (status, _, body) = console.ask("PUT", "/api/v1/stream/nobody/topics", json, "{\"topics\":[\"totals\"]}").await;
    assert_eq!((status, problem(&body).0), (404, "notFound".into()));
}

#[tokio::test]
async fn strangers_and_other_sites_are_refused() {
    let console = Running::start("");
    let (status, _, body) = console.ask("GET", "/", "Host: evil.example\r\n", "").await;
    assert_eq!((status, problem(&body).0), (403, "crossSite".into()));
    for header in ["Origin: http://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        let (status, _, body) = console.ask("POST", "/api/v1/instances/0123456789abcdef/deregister", header, "{}").await;
        assert_eq!((status, problem(&body).0), (403, "crossSite".into()), "{header}");
    }
}

#[tokio::test]
async fn pages_are_html_with_a_strict_policy_also_below_a_base_path() {
    let console = Running::start("/pilot/house");
    let (status, head, body) = console.get("/").await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("<!DOCTYPE html>"), "{body}");
    assert!(body.contains("/pilot/house/assets/a.css"));
    let policy = head.lines().find(|line| line.starts_with("content-security-policy:")).unwrap();
    for part in ["default-src 'none'", "script-src 'self' 'nonce-", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-eval' 'unsafe"), "{policy}");
    let (status, head, _) = console.get("/assets/a.css").await;
    assert_eq!(status, 200);
    assert!(head.contains("immutable"), "{head}");
    let (status, ..) = console.get("/no/such/page").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn operations_can_watch_the_console() {
    let console = Running::start("");
    assert_eq!(console.get("/healthz").await.0, 200);
    let (status, _, body) = console.get("/readyz").await;
    assert_eq!((status, body.contains("\"ready\":true")), (200, true), "{body}");
    let (_, _, metrics) = console.get("/metrics").await;
    for name in ["pilothouse_open_streams", "pilothouse_ledger_facts_total", "pilothouse_http_requests_total"] {
        assert!(metrics.contains(name), "{name} is missing: {metrics}");
    }
    let (_, _, targets) = console.get("/sd/prometheus").await;
    assert!(targets.contains("[]"), "{targets}");
    let (_, _, document) = console.get("/api/openapi.json").await;
    let document: Value = serde_json::from_str(document.trim_start_matches(|c| c != '{').trim_end_matches(|c| c != '}')).unwrap();
    for path in ["/api/v1/overview", "/api/v1/services/{id}", "/api/v1/stream", "/api/v1/instances/{id}/edit"] {
        assert!(document["paths"][path].is_object(), "{path} is not described");
    }
}

#[tokio::test]
async fn a_stream_says_hello_and_a_foreign_cursor_is_reset() {
    let console = Running::start("");
    let (_, text) = console.stream("topics=totals", "event: snapshot").await;
    assert!(text.to_lowercase().contains("x-accel-buffering: no") && text.contains("event: hello"), "{text}");
    let (_, text) = console.stream("topics=totals&cursor=feed.7", "event: snapshot").await;
    assert!(text.contains("event: reset"), "{text}");
}

#[tokio::test]
async fn a_thousand_streams_end_with_bye_and_the_program_with_zero() {
    let mut console = Running::start("");
    let mut sockets = Vec::new();
    for _ in 0..1_000 {
        sockets.push(console.stream("topics=totals", "event: snapshot").await.0);
    }
    let (status, took) = console.terminate();
    assert!(status.success(), "{status}");
    // The figure, under a second, belongs to the benches; here a hang must not pass.
    assert!(took < Duration::from_secs(10), "{took:?}");
    for mut socket in sockets {
        let mut rest = String::new();
        socket.read_to_string(&mut rest).await.unwrap();
        assert!(rest.contains("event: bye"), "{rest}");
    }
}

#[test]
fn settings_in_the_folder_are_read_without_being_named() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "[[registry]]\nid = \"here\"\nkind = \"consul\"\nendpoints = [\"http://127.0.0.1:8500\"]\n";
    std::fs::write(folder.path().join("pilothouse.toml"), settings).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_pilothouse"));
    let answer = check.arg("check-config").current_dir(folder.path()).env_remove("PILOTHOUSE_CONFIG").output().unwrap();
    let said = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.status.success() && said.contains("registry here") && said.contains("ok: 1 registries"), "{answer:?}");
}
