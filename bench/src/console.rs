//! The console under measurement: started in a folder of its own with the registries given.

use std::{fmt::Write as _, fs, time::Duration};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    Arguments,
    process::{Measured, eventually},
};

/// Long enough for 100,000 instances to be read once.
const START: Duration = Duration::from_secs(120);

/// A running console.
pub(crate) struct Console {
    pub(crate) process: Measured,
    /// Where it is, without a slash at the end.
    pub(crate) url: String,
    client: reqwest::Client,
    _folder: TempDir,
}

/// A registry as its settings name it.
pub(crate) struct Connected<'a> {
    /// `embedded`, `nacos` or `consul`.
    pub(crate) kind: &'a str,
    /// Base URL.
    pub(crate) url: &'a str,
}

#[derive(Deserialize)]
struct Ports {
    console: String,
}

/// The counts of the Overview that are waited for.
#[derive(Deserialize)]
struct Overview {
    totals: Totals,
}

#[derive(Deserialize)]
struct Totals {
    instances: u32,
    live: u32,
}

/// One service, as far as a bench needs it.
#[derive(Deserialize)]
pub(crate) struct ServiceRow {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Deserialize)]
struct Services {
    rows: Vec<ServiceRow>,
}

impl Console {
    /// Starts it and waits until its one registry is live with this many instances.
    pub(crate) async fn start(arguments: &Arguments, registry: Connected<'_>, instances: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        let mut settings = String::from("[log]\nlevel = \"warn\"\n");
        write!(settings, "[[registry]]\nid = \"bench\"\nkind = \"{}\"\nendpoints = [\"{}\"]\n", registry.kind, registry.url)?;
        if registry.kind != "consul" {
            settings.push_str("push_address = \"127.0.0.1\"\n");
        }
        fs::write(at("pilothouse.toml"), settings)?;
        let mut command = Command::new(&arguments.program);
        command.args(["serve", "--port", "0", "--config"]).arg(at("pilothouse.toml"));
        command.arg("--data-dir").arg(at("data")).arg("--site-dir").arg(&arguments.site).arg("--ports-file").arg(at("ports.json"));
        let mut process = Measured::start(&mut command, &at("out.log"))?;
        let ports = eventually("the console wrote its address", START, || {
            let alive = process.alive();
            let text = fs::read(at("ports.json"));
            async move {
                alive?;
                Ok(text.ok().map(|text| serde_json::from_slice::<Ports>(&text)))
            }
        });
        let ports = match ports.await {
            Ok(ports) => ports?,
            Err(error) => return Err(error.context(fs::read_to_string(at("out.log")).unwrap_or_default())),
        };
        let client = reqwest::Client::builder().no_proxy().build()?;
        let console = Self { process, url: ports.console, client, _folder: folder };
        eventually("the registry is live and complete", START, || async {
            // Not serving yet is no failure.
            let Ok(overview) = console.get::<Overview>("/api/v1/overview").await else { return Ok(None) };
            Ok((overview.totals.live == 1 && overview.totals.instances >= instances).then_some(()))
        })
        .await?;
        Ok(console)
    }

    /// Services in order of name, up to `limit`.
    pub(crate) async fn services(&self, limit: usize) -> Result<Vec<ServiceRow>> {
        let services: Services = self.get(&format!("/api/v1/services?sort=name&limit={limit}")).await?;
        ensure!(services.rows.len() == limit, "{} services of {limit}", services.rows.len());
        Ok(services.rows)
    }

    /// Where a live stream of these topics is.
    pub(crate) fn stream(&self, topics: &str) -> String {
        format!("{}/api/v1/stream?topics={topics}", self.url)
    }

    async fn get<T: for<'a> Deserialize<'a>>(&self, path: &str) -> Result<T> {
        let response = self.client.get(format!("{}{path}", self.url)).send().await?.error_for_status()?;
        response.json().await.with_context(|| format!("the answer to {path}"))
    }
}
