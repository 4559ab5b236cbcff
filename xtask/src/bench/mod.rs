//! `cargo xtask bench`: measures what the project promises, prints each figure beside its goal and its peer, and writes them as JSON.
//! A goal that is missed is a number in the table, not a failure.

mod figure;
mod load;
mod page;
mod wasm_size;

use std::{fs, path::PathBuf};

use anyhow::{Result, bail, ensure};
use clap::Args;

use self::figure::{Figure, table};
use crate::{
    process::{catch_interrupts, check_interrupt},
    step::{note, say, step},
};

type Measure = (&'static str, fn() -> Result<Vec<Figure>>);

/// Every bench, one module each.
const BENCHES: [Measure; 9] = [
    ("wasm-size", wasm_size::measure),
    ("latency", || load::measure("latency", &[])),
    ("fan-out", || load::measure("fan-out", &[])),
    ("stream-memory", || load::measure("stream-memory", &[])),
    ("first-byte", || load::measure("first-byte", &[])),
    ("idle-cpu", || load::measure("idle-cpu", &[])),
    ("consul", load::consul),
    ("nacos-push", load::nacos_push),
    ("page", page::measure),
];

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// One bench; by default all: wasm-size, latency, fan-out, stream-memory, first-byte, idle-cpu, consul, nacos-push, page
    name: Option<String>,
    /// Write the figures here too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures, also after one that could not be measured.
pub(crate) fn run(arguments: &Bench) -> Result<()> {
    catch_interrupts()?;
    if let Some(name) = &arguments.name {
        ensure!(
            BENCHES.iter().any(|(known, _)| known == name),
            "no such bench: {name}; there are {}",
            BENCHES.map(|(name, _)| name).join(", ")
        );
    }
    let mut figures = Vec::new();
    let mut failed = Vec::new();
    for (name, measure) in BENCHES {
        if arguments.name.as_deref().is_some_and(|wanted| wanted != name) {
            continue;
        }
        match step(&format!("bench {name}"), measure) {
            Ok(measured) => figures.extend(measured),
            Err(error) => {
                check_interrupt()?;
                note(format_args!("{name}: {error:#}"));
                failed.push(name);
            }
        }
    }
    say(table(&figures));
    if let Some(path) = &arguments.json {
        fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    if !failed.is_empty() {
        bail!("could not be measured: {}", failed.join(", "));
    }
    Ok(())
}
