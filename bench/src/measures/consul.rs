//! A real Consul with 1,000 services: connections the console holds to it, and how long a change takes to its frame.

use std::{net::TcpListener, path::Path, time::Duration};

use anyhow::{Context, Result};
use futures::{TryStreamExt, stream};
use serde_json::json;
use tempfile::TempDir;
use tokio::{process::Command, time::Instant};

use super::{LOST, QUIET, needle};
use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    process::{Measured, eventually},
    quantile::quantile,
    sse::Streams,
};

const SERVICES: usize = 1_000;
const STREAMS: usize = 10;
const ROUNDS: usize = 100;

/// Connections, and the 99th percentile of the latency.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let agent = Agent::start(arguments.consul.as_deref().context("--consul is the program of a real one")?).await?;
    stream::iter((0..SERVICES).map(Ok)).try_for_each_concurrent(16, |number| agent.register(number, 0)).await?;
    let console = Console::start(arguments, Connected { kind: "consul", url: &agent.url }, SERVICES as u32).await?;
    let mut streams = Streams::open(&console.stream("services"), STREAMS).await?;
    let rows = console.services(ROUNDS + 10).await?;
    let changed = rows.iter().filter(|row| row.name.starts_with("bench-")).take(ROUNDS);
    let (mut latencies, mut connections) = (Vec::new(), 0);
    for (number, row) in changed.enumerate() {
        streams.settle(QUIET).await?;
        agent.register(number, 1).await?;
        let accepted = Instant::now();
        let round = streams.next(&needle(&row.id), STREAMS, LOST).await?;
        latencies.extend(round.moments.iter().map(|at| at.saturating_duration_since(accepted).as_secs_f64() * 1000.0));
        connections = connections.max(console.process.connections_to(agent.port)?);
    }
    console.process.stop().await?;
    agent.process.stop().await?;
    Ok(vec![
        Figure::new("connections to Consul, 1,000 services", connections as f64, "connections", Goal::AtMost(16.0)),
        Figure::new("Consul accepts → frame, 1,000 services, p99", quantile(&latencies, 0.99), "ms", Goal::AtMost(250.0)),
    ])
}

/// A development agent: one process, nothing on disk.
struct Agent {
    process: Measured,
    client: reqwest::Client,
    url: String,
    port: u16,
    _folder: TempDir,
}

impl Agent {
    async fn start(program: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // Held until all are known, so that they differ.
        let held: Vec<TcpListener> = (0..4).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<_, _>>()?;
        let ports: Vec<u16> = held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect::<Result<_>>()?;
        drop(held);
        let mut command = Command::new(program);
        command.args(["agent", "-dev", "-bind", "127.0.0.1", "-client", "127.0.0.1", "-log-level", "warn"]);
        command.args(["-grpc-port", "-1", "-grpc-tls-port", "-1", "-dns-port", "-1", "-hcl", "disable_update_check = true"]);
        for (flag, port) in ["-http-port", "-server-port", "-serf-lan-port", "-serf-wan-port"].iter().zip(&ports) {
            command.arg(flag).arg(port.to_string());
        }
        let process = Measured::start(&mut command, &folder.path().join("out.log"))?;
        let agent = Self {
            process,
            client: reqwest::Client::builder().no_proxy().build()?,
            url: format!("http://127.0.0.1:{}", ports[0]),
            port: ports[0],
            _folder: folder,
        };
        eventually("Consul has a leader", Duration::from_secs(30), || async {
            let Ok(answer) = agent.client.get(format!("{}/v1/status/leader", agent.url)).send().await else { return Ok(None) };
            Ok((answer.text().await?.len() > 2).then_some(()))
        })
        .await?;
        Ok(agent)
    }

    async fn register(&self, number: usize, instance: usize) -> Result<()> {
        let name = load::service(number);
        let body = json!({"Name": name, "ID": format!("{name}-{instance}"), "Address": load::address(number, instance), "Port": 8080});
        let request = self.client.put(format!("{}/v1/agent/service/register", self.url)).json(&body);
        request.send().await?.error_for_status()?;
        Ok(())
    }
}
