//! Real Consul servers: private, on loopback, stopped by their process ids.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pilothouse_registry::transport::{Ask, Endpoints, EndpointsConfig};
use tokio::time::{Instant, sleep};

use crate::fixture::clock;

/// The binary to run, or `None` after having said why nothing is tested.
pub(crate) fn binary() -> Option<String> {
    let binary = std::env::var("PILOTHOUSE_CONSUL").ok().filter(|path| !path.is_empty());
    if binary.is_none() {
        eprintln!("skipped: PILOTHOUSE_CONSUL names no Consul binary (`cargo xtask interop consul` builds one)");
    }
    binary
}

/// A server process; killed when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    arguments: Vec<String>,
    binary: String,
    child: Child,
    _folder: tempfile::TempDir,
}

/// Free ports on loopback. They are all taken before any is given back, so that they differ.
fn ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

fn spawn(binary: &str, arguments: &[String]) -> Child {
    Command::new(binary).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

impl Server {
    /// A single server in memory; `settings` is HCL.
    pub(crate) async fn dev(binary: &str, settings: &str) -> Self {
        let server = Self::start(binary, &["-dev", "-node", "dev1"], settings, ports());
        server.has_leader().await;
        server
    }

    /// Three servers that elected a leader.
    pub(crate) async fn three(binary: &str) -> [Self; 3] {
        let ports: [[u16; 3]; 3] = [ports(), ports(), ports()];
        let joins: String = ports.iter().map(|[_, serf, _]| format!("\"127.0.0.1:{serf}\",")).collect();
        let settings = format!("retry_join = [{joins}] retry_interval = \"1s\" performance {{ raft_multiplier = 1 }}");
        let servers = [0, 1, 2].map(|n| {
            let node = format!("s{n}");
            Self::start(binary, &["-server", "-bootstrap-expect", "3", "-node", &node], &settings, ports[n])
        });
        for server in &servers {
            server.has_leader().await;
        }
        servers
    }

    fn start(binary: &str, arguments: &[&str], settings: &str, [http, serf, rpc]: [u16; 3]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut all: Vec<String> =
            ["agent", "-bind", "127.0.0.1", "-client", "127.0.0.1", "-disable-host-node-id"].map(str::to_owned).into();
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let ports = [("-http-port", http), ("-serf-lan-port", serf), ("-server-port", rpc)];
        all.extend(ports.into_iter().flat_map(|(name, port)| [name.to_owned(), port.to_string()]));
        let off = ["-dns-port", "-grpc-port", "-grpc-tls-port", "-serf-wan-port"];
        all.extend(off.into_iter().flat_map(|name| [name.to_owned(), "-1".to_owned()]));
        if !arguments.contains(&"-dev") {
            all.extend(["-data-dir".to_owned(), folder.path().to_str().unwrap().to_owned()]);
        }
        all.extend(["-hcl".to_owned(), format!("disable_update_check = true connect {{ enabled = false }} {settings}")]);
        let child = spawn(binary, &all);
        Self { url: format!("http://127.0.0.1:{http}"), arguments: all, binary: binary.to_owned(), child, _folder: folder }
    }

    /// Waits until the server knows a leader, and has registered itself.
    pub(crate) async fn has_leader(&self) {
        let endpoints = Endpoints::new(EndpointsConfig::new(vec![self.url.clone()], "Consul"), clock()).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let answer = endpoints.ask(Ask::get("/v1/status/leader", "the leader")).await;
            if answer.is_ok_and(|answer| answer.status == 200 && answer.body.len() > 4) {
                return;
            }
            assert!(Instant::now() < deadline, "{} has no leader after a minute", self.url);
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The address other servers know it by.
    pub(crate) fn rpc(&self) -> String {
        let port = self.arguments.iter().position(|argument| argument == "-server-port").unwrap() + 1;
        format!("127.0.0.1:{}", self.arguments[port])
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts the same server again, with what it kept on disk.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(&self.binary, &self.arguments);
    }

    /// SIGSTOP or SIGCONT.
    pub(crate) fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
