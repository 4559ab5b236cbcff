//! `cargo xtask run`: from a checkout to a page in the browser. Needs Rust alone.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::Result;
use clap::Args;

use crate::{
    process::catch_interrupts,
    server::{self, Server},
    site::{self, Profile},
    step::{note, step},
    workspace::target,
};

/// What to run.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Build for use instead of for speed of building
    #[arg(long)]
    release: bool,
    /// The console's port; by default 7070 or the next free one
    #[arg(long)]
    port: Option<u16>,
    /// Neither embedded registries nor a simulated fleet
    #[arg(long)]
    no_demo: bool,
    /// Settings file; by default pilothouse.toml here, if there is one
    #[arg(long)]
    config: Option<PathBuf>,
}

/// Builds, starts, waits.
pub(crate) fn run(arguments: &Run) -> Result<()> {
    catch_interrupts()?;
    let site = site::build(if arguments.release { Profile::Web } else { Profile::Dev })?;
    let program = step("server", || server::build(arguments.release))?;
    let mut serve = Command::new(program);
    serve.arg("serve").arg("--site-dir").arg(&site.dir);
    // Its logs stay to be read; its address is said once, below.
    serve.stdout(Stdio::null());
    if !arguments.no_demo {
        serve.arg("--demo");
    }
    if let Some(port) = arguments.port {
        serve.args(["--port", &port.to_string()]);
    }
    if let Some(config) = &arguments.config {
        serve.arg("--config").arg(config);
    }
    let Server { running, ports } = step("start", || server::start(&mut serve, &target().join("run/ports.json")))?;
    note(format_args!("\nPilothouse is at {}\nCtrl-C stops it.", ports.console));
    running.wait()
}
