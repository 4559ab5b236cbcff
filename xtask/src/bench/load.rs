//! The figures of the server: measured from outside by the load clients of `bench/`, on release builds.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::figure::Figure;
use crate::{
    cargo::{self, Artifact},
    interop::{
        nacos::{Nacos, V2_3},
        recipe,
    },
    server, site,
    site::Profile,
    step::step,
};

/// Runs one of them.
pub(super) fn measure(name: &str, more: &[&str]) -> Result<Vec<Figure>> {
    let site = site::build(Profile::Web)?;
    let program = step("server", || server::build(true))?;
    let client = step("load clients", || cargo::build("pilothouse-bench", &["--release"], Artifact::Program))?;
    let mut command = Command::new(client);
    command.args([name, "--program"]).arg(program).arg("--site").arg(site.dir).args(more);
    let output = command.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{name}: {}", output.status);
    serde_json::from_slice(&output.stdout).context("the figures")
}

/// On a real Consul.
pub(super) fn consul() -> Result<Vec<Figure>> {
    let program = recipe::build("consul")?.join("consul");
    measure("consul", &["--consul", cargo::argument(&program)?])
}

/// On a real Nacos.
pub(super) fn nacos_push() -> Result<Vec<Figure>> {
    let nacos = Nacos::start(&V2_3)?;
    measure("nacos-push", &["--nacos", &format!("http://{}/nacos", nacos.address())])
}
