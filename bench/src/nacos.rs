//! A Nacos, as any service would speak to it: by its public HTTP API.

use std::{fs, net::TcpListener, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::process::{Measured, eventually};

/// One registry over HTTP.
#[derive(Clone)]
pub(crate) struct Nacos {
    client: reqwest::Client,
    /// With `/nacos`.
    pub(crate) url: String,
}

/// The embedded one, in a process and a folder of its own.
pub(crate) struct Embedded {
    pub(crate) api: Nacos,
    process: Measured,
    _folder: TempDir,
}

impl Nacos {
    /// The one at a base URL.
    pub(crate) fn at(url: &str) -> Result<Self> {
        Ok(Self { client: reqwest::Client::builder().no_proxy().build()?, url: url.trim_end_matches('/').to_owned() })
    }

    /// Registers an instance; returns when the registry has accepted it.
    pub(crate) async fn register(&self, service: &str, ip: &str, port: u16, ephemeral: bool) -> Result<()> {
        let (port, ephemeral) = (port.to_string(), ephemeral.to_string());
        let form = [("serviceName", service), ("ip", ip), ("port", &port), ("ephemeral", &ephemeral)];
        let response = self.client.post(format!("{}/v1/ns/instance", self.url)).form(&form).send().await?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success() && text == "ok", "register {service} {ip}: {status}: {text}");
        Ok(())
    }

    /// Asks for the hosts of a service, and to be told of changes over UDP at a port of this machine.
    pub(crate) async fn subscribe(&self, service: &str, udp_port: u16) -> Result<()> {
        let port = udp_port.to_string();
        let query = [("serviceName", service), ("clientIP", "127.0.0.1"), ("udpPort", &port)];
        let request = self.client.get(format!("{}/v1/ns/instance/list", self.url)).query(&query);
        // The server pushes to clients that name themselves as one that understands it.
        request.header("User-Agent", "Nacos-Java-Client:v1.4.6").send().await?.error_for_status()?;
        Ok(())
    }
}

impl Embedded {
    /// Starts an empty one.
    pub(crate) async fn start(program: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = free_pair()?;
        let mut command = Command::new(program);
        command.args(["registry", "--port", &port.to_string(), "--data-dir"]).arg(folder.path().join("data"));
        let log = folder.path().join("out.log");
        let process = Measured::start(&mut command, &log)?;
        let api = Nacos::at(&format!("http://127.0.0.1:{port}/nacos"))?;
        eventually("the embedded registry answers", Duration::from_secs(20), || async {
            let answer = api.client.get(format!("{}/v1/ns/service/list?pageNo=1&pageSize=1", api.url)).send().await;
            Ok(answer.is_ok_and(|response| response.status().is_success()).then_some(()))
        })
        .await
        .with_context(|| fs::read_to_string(log).unwrap_or_default())?;
        Ok(Self { api, process, _folder: folder })
    }

    /// Ends it.
    pub(crate) async fn stop(self) -> Result<()> {
        self.process.stop().await
    }
}

/// A free port whose neighbour a thousand above is free too: a registry holds both.
fn free_pair() -> Result<u16> {
    for _ in 0..100 {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        if port < u16::MAX - 1000 && TcpListener::bind(("127.0.0.1", port + 1000)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free pair of ports")
}
