//! `cargo xtask interop`: the suites against real servers, each had from a package registry by a recipe of `interop/`, started
//! privately, stopped by its process id. Knows how a server is had and started; what it must answer is in the suites.

mod consul;
pub(crate) mod nacos;
mod pages;
mod postgres;
pub(crate) mod recipe;
mod sdks;

use std::process::Command;

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::{
    cargo::cargo,
    process::{catch_interrupts, check_interrupt, find},
    step::{note, say, step},
    tally::Tally,
};

/// Which suites.
#[derive(Debug, Args)]
pub(crate) struct Interop {
    /// One suite: consul, nacos-2.3, nacos-3.1, pages, postgres, sdks; by default all
    pub(crate) name: Option<String>,
    /// A suite that would be skipped fails
    #[arg(long)]
    pub(crate) require: bool,
}

/// One suite.
struct Suite {
    name: &'static str,
    /// Programs that getting or starting the server takes, each with where it is had.
    needs: &'static [Tool],
    run: fn() -> Result<Tally>,
}

/// A program and the Debian package that holds it.
type Tool = (&'static str, &'static str);

const GO: Tool = ("go", "golang");
const JAVAC: Tool = ("javac", "default-jdk-headless");
const MAVEN: Tool = ("mvn", "maven");
const NODE: Tool = ("node", "nodejs");
const NPM: Tool = ("npm", "npm");
const PYTHON: Tool = ("python3", "python3-venv");

const SUITES: [Suite; 6] = [
    Suite { name: "postgres", needs: &[], run: postgres::run },
    Suite { name: "nacos-2.3", needs: &[JAVAC, MAVEN], run: || nacos::run(&nacos::V2_3) },
    Suite { name: "nacos-3.1", needs: &[JAVAC, MAVEN], run: || nacos::run(&nacos::V3_1) },
    Suite { name: "sdks", needs: &[JAVAC, MAVEN, NODE, NPM, PYTHON], run: sdks::run },
    Suite { name: "consul", needs: &[GO], run: consul::run },
    Suite { name: "pages", needs: &[GO, JAVAC, MAVEN, NODE, NPM], run: pages::run },
];

/// Runs them, also after one that failed.
pub(crate) fn run(arguments: &Interop) -> Result<()> {
    // Under `ci` they are watched for already.
    let _ = catch_interrupts();
    if let Some(name) = &arguments.name {
        ensure!(
            SUITES.iter().any(|suite| suite.name == name),
            "no such suite: {name}; there are {}",
            SUITES.map(|suite| suite.name).join(", ")
        );
    }
    let mut tally = Tally::default();
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    for suite in SUITES.iter().filter(|suite| arguments.name.as_deref().is_none_or(|name| name == suite.name)) {
        if let Some(reason) = missing(suite) {
            note(format_args!("  skipped {}: {reason}", suite.name));
            skipped.push(suite.name);
            continue;
        }
        match step(&format!("interop {}", suite.name), suite.run) {
            Ok(counted) => {
                if counted.failed > 0 || counted.passed == 0 {
                    note(format_args!("{}: {counted}", suite.name));
                    failed.push(suite.name);
                }
                tally += counted;
            }
            Err(error) => {
                check_interrupt()?;
                note(format_args!("{}: {error:#}", suite.name));
                failed.push(suite.name);
            }
        }
    }
    say(tally);
    if !failed.is_empty() {
        bail!("interop failed: {}", failed.join(", "));
    }
    ensure!(!arguments.require || skipped.is_empty(), "interop skipped, and none may be: {}", skipped.join(", "));
    Ok(())
}

/// Why a suite cannot run here.
fn missing(suite: &Suite) -> Option<String> {
    if suite.name == "postgres" && !postgres::found() {
        return Some("no PostgreSQL here (initdb); on Debian: apt-get install postgresql".to_owned());
    }
    let lacking: Vec<&Tool> = suite.needs.iter().filter(|(program, _)| find(program).is_none()).collect();
    if lacking.is_empty() {
        return None;
    }
    let programs: Vec<&str> = lacking.iter().map(|tool| tool.0).collect();
    let packages: Vec<&str> = lacking.iter().map(|tool| tool.1).collect();
    Some(format!("no {} here; on Debian: apt-get install {}", programs.join(", "), packages.join(" ")))
}

/// `cargo test` of one package, not stopping at the first failure.
fn cargo_test(package: &str) -> Command {
    let mut command = cargo();
    command.args(["test", "--no-fail-fast", "--package", package]);
    command
}
