//! Public clients of Nacos, unmodified: against the embedded registry and against a real Nacos, where they must see the same.

use std::{fs, process::Command, time::Duration};

use anyhow::{Context, Result};

use super::{
    nacos::{Nacos, V2_3},
    recipe,
};
use crate::{
    loopback::{free_port, get_status},
    process::{Running, status, until},
    server,
    step::{note, step},
    tally::Tally,
};

const START: Duration = Duration::from_secs(30);

/// Counts one test for each client on each server.
pub(super) fn run() -> Result<Tally> {
    let clients = recipe::build("sdks")?;
    let program = server::build(false)?;
    let mut tally = Tally::default();

    let data = tempfile::tempdir()?;
    let port = free_port(&[1000])?;
    let mut registry = Command::new(program);
    registry.args(["registry", "--port", &port.to_string(), "--data-dir"]).arg(data.path());
    let mut embedded = Running::start("pilothouse registry", &mut registry)?;
    let url = format!("http://127.0.0.1:{port}{}", V2_3.ready());
    until("it answered", START, &mut embedded, || matches!(get_status(&url), Ok(200)).then_some(()))?;
    let nacos = Nacos::start(&V2_3)?;

    for (server, address) in [("the embedded registry", format!("127.0.0.1:{port}")), ("Nacos 2.3", nacos.address())] {
        let mut node = Command::new("node");
        node.arg(clients.join("nacos.mjs"));
        let mut python = Command::new(clients.join("python/bin/python"));
        python.arg(clients.join("nacos_sdk.py"));
        for (client, command) in [("npm nacos 2.6.3", &mut node), ("nacos-sdk-python 1.0.0", &mut python)] {
            tally += step(&format!("{client} on {server}"), || talk(command.arg(&address)))?;
        }
    }
    Ok(tally)
}

/// Runs one client in a folder of its own: both leave snapshots behind.
fn talk(client: &mut Command) -> Result<Tally> {
    let home = tempfile::tempdir()?;
    // The watcher of nacos-sdk-python is a process that outlives a failed one and would keep a pipe open: a file is none.
    let log = home.path().join("out.log");
    let output = fs::File::create(&log)?;
    client.current_dir(home.path()).env("HOME", home.path()).stdout(output.try_clone()?).stderr(output);
    let held = status(client)?.success();
    note(fs::read_to_string(log).context("the client's output")?.trim_end());
    Ok(Tally { passed: held.into(), failed: (!held).into(), skipped: 0 })
}
