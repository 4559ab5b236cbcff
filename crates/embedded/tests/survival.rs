//! What was acknowledged survives `kill -9`; what ages does not.
//!
//! The registry runs in a child process: this test binary itself, told so by the environment.

mod served;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use pilothouse_embedded::{Embedded, EmbeddedConfig, OpenError, SystemClock};
use served::request;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const CHILD: &str = "PILOTHOUSE_EMBEDDED_TEST_FOLDER";

/// Not a test of its own: what the child process runs. Without the environment it does nothing.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let embedded = Embedded::open(EmbeddedConfig { data_dir: folder.into(), clock: Arc::new(SystemClock) }).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    eprintln!("listening {}", listener.local_addr().unwrap());
    embedded.serve(listener, CancellationToken::new()).await.unwrap();
}

struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(CHILD, folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the child says where it listens").unwrap();
            if let Some(address) = line.strip_prefix("listening ") {
                break address.parse().unwrap();
            }
        };
        Self { child, address }
    }

    async fn get(&self, path: &str) -> String {
        request(self.address, "GET", path, &[], "").await
    }

    async fn send(&self, method: &str, path: &str, form: &str) -> String {
        request(self.address, method, path, &[], form).await
    }

    /// SIGKILL: nothing gets a chance to be written.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A failed test must not leave its child behind; a killed one is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn everything_durable_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    for (method, path, form, expected) in [
        ("POST", "/nacos/v1/cs/configs", "dataId=a.txt&group=G&content=one&type=json&desc=d&config_tags=x,y", "true"),
        ("POST", "/nacos/v1/cs/configs", "dataId=a.txt&group=G&content=two", "true"),
        ("POST", "/nacos/v1/cs/configs", "dataId=gone.txt&group=G&content=x", "true"),
        ("DELETE", "/nacos/v1/cs/configs?dataId=gone.txt&group=G", "", "true"),
        ("POST", "/nacos/v1/console/namespaces", "customNamespaceId=prod&namespaceName=Production&namespaceDesc=d", "true"),
        ("POST", "/nacos/v1/ns/instance", "serviceName=db&ip=10.0.0.9&port=5432&ephemeral=false&metadata=zone=a", "ok"),
        ("PUT", "/nacos/v1/ns/instance", "serviceName=db&ip=10.0.0.9&port=5432&weight=7&enabled=false", "ok"),
        ("POST", "/nacos/v1/ns/instance", "serviceName=orders&ip=10.0.0.1&port=80", "ok"),
        ("PUT", "/nacos/v1/ns/service", "serviceName=orders&protectThreshold=0.7&metadata=owner=me", "ok"),
    ] {
        assert_eq!(process.send(method, path, form).await, expected, "{method} {path} {form}");
    }
    let beta = [("betaIps", "10.0.0.5")];
    assert_eq!(request(process.address, "POST", "/nacos/v1/cs/configs", &beta, "dataId=a.txt&group=G&content=beta").await, "true");
    let questions = [
        "/nacos/v1/cs/configs?dataId=a.txt&group=G&show=all",
        "/nacos/v1/cs/configs?dataId=a.txt&group=G&beta=true",
        "/nacos/v1/cs/configs?search=accurate&dataId=&group=&pageNo=1&pageSize=9",
        "/nacos/v1/cs/history?search=accurate&dataId=a.txt&group=G&pageNo=1&pageSize=9",
        "/nacos/v1/cs/history?search=accurate&dataId=gone.txt&group=G&pageNo=1&pageSize=9",
        "/nacos/v1/cs/history?nid=2&dataId=a.txt&group=G",
        "/nacos/v1/console/namespaces",
        "/nacos/v1/ns/catalog/instances?serviceName=db&clusterName=DEFAULT&pageNo=1&pageSize=9",
        "/nacos/v1/ns/catalog/service?serviceName=orders",
    ];
    let mut before = Vec::new();
    for question in questions {
        before.push(process.get(question).await);
    }
    process.kill();

    let process = Process::start(folder.path());
    for (question, before) in questions.iter().zip(before) {
        let after = process.get(question).await;
        // An ephemeral instance is gone with the process, so its cluster is.
        let after = if question.contains("orders") { after.replace("\"clusters\":[]", "") } else { after };
        let before = if question.contains("orders") { without_clusters(&before) } else { before };
        assert_eq!(after, before, "{question}");
    }
    assert_eq!(process.get("/nacos/v1/ns/instance/list?serviceName=orders&healthyOnly=true").await.matches("10.0.0.1").count(), 0);
    // Numbers go on where they were: nothing is given an id a second time.
    process.send("POST", "/nacos/v1/cs/configs", "dataId=new.txt&group=G&content=x").await;
    let new = process.get("/nacos/v1/cs/configs?dataId=new.txt&group=G&show=all").await;
    assert!(new.contains(r#""id":"4""#), "{new}");
    process.kill();
}

fn without_clusters(answer: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(answer).unwrap();
    value["clusters"] = serde_json::json!([]);
    value.to_string().replace("\"clusters\":[]", "")
}

#[tokio::test]
async fn a_torn_tail_is_cut_off_and_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    process.send("POST", "/nacos/v1/cs/configs", "dataId=a.txt&group=G&content=one").await;
    process.kill();
    let journal = folder.path().join("registry-000001.journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    let whole = bytes.len();
    bytes.extend_from_slice(&[40, 0, 0, 0, 1, 2, 3]);
    std::fs::write(&journal, bytes).unwrap();

    let process = Process::start(folder.path());
    assert_eq!(process.get("/nacos/v1/cs/configs?dataId=a.txt&group=G").await, "one");
    process.send("POST", "/nacos/v1/cs/configs", "dataId=b.txt&group=G&content=two").await;
    process.kill();
    assert_eq!(std::fs::read(folder.path().join(format!("registry-000001.torn-at-{whole}"))).unwrap(), [40, 0, 0, 0, 1, 2, 3]);

    let process = Process::start(folder.path());
    assert_eq!(process.get("/nacos/v1/cs/configs?dataId=b.txt&group=G").await, "two");
    process.kill();
}

#[test]
fn a_folder_in_use_and_a_file_that_is_no_journal_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = |folder: &Path| Embedded::open(EmbeddedConfig { data_dir: folder.to_owned(), clock: Arc::new(SystemClock) });
    let first = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(OpenError::InUse { .. })));
    drop(first);

    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("registry-000003.journal"), "something else entirely").unwrap();
    assert!(matches!(open(other.path()), Err(OpenError::NotAJournal { .. })));
}
