//! The server: built by cargo, started on its own, ready when it says so.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{
    cargo::{self, Artifact},
    loopback::get_status,
    process::{Running, until},
};

/// Longer than any start that is still worth waiting for, on a machine that builds something else meanwhile.
const START: Duration = Duration::from_secs(60);

/// What `pilothouse serve --ports-file` writes once everything it supervises answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Ports {
    /// Where the pages are, without a slash at the end.
    pub(crate) console: String,
}

/// A started server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) ports: Ports,
}

/// Builds the program.
pub(crate) fn build(release: bool) -> Result<PathBuf> {
    cargo::build("pilothouse", if release { &["--release"] } else { &[] }, Artifact::Program)
}

/// Starts `pilothouse serve` with these arguments and waits until `/readyz` is content. `ports_file` is where it says its addresses.
pub(crate) fn start(command: &mut Command, ports_file: &Path) -> Result<Server> {
    if let Some(dir) = ports_file.parent() {
        fs::create_dir_all(dir)?;
    }
    if ports_file.exists() {
        fs::remove_file(ports_file)?;
    }
    let mut running = Running::start("pilothouse", command.arg("--ports-file").arg(ports_file))?;
    let ports: Ports = until("it wrote its addresses", START, &mut running, || {
        let text = fs::read(ports_file).ok()?;
        Some(serde_json::from_slice(&text).with_context(|| format!("cannot read {}", ports_file.display())))
    })??;
    ensure!(ports.console.starts_with("http://"), "not an address to open: {}", ports.console);
    let ready = format!("{}/readyz", ports.console);
    until("/readyz answered 200", START, &mut running, || matches!(get_status(&ready), Ok(200)).then_some(()))?;
    Ok(Server { running, ports })
}
