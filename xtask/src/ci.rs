//! `cargo xtask ci`: everything a change must pass beside its tests. Every check runs, also after one that failed.

use std::process::Command;

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::{
    browser::Browser,
    cargo::{WASM, argument, cargo, ensure_wasm_target},
    interop,
    process::{catch_interrupts, check_interrupt, run as execute},
    site::{self, Profile},
    step::{note, step},
    tidy,
    workspace::{root, target},
};

type Check = (&'static str, fn() -> Result<()>);

/// From the quickest to the slowest.
const CHECKS: [Check; 9] = [
    ("fmt", fmt),
    ("tidy", tidy::check),
    ("clippy", clippy),
    ("clippy-browser", clippy_browser),
    ("csr", csr),
    ("types", || execute(&mut Browser::ready()?.typescript())),
    ("docs", docs),
    ("deny", deny),
    ("interop", || interop::run(&interop::Interop { name: None, require: true })),
];

/// What to check.
#[derive(Debug, Args)]
pub(crate) struct Ci {
    /// Checks by name; by default all: fmt, tidy, clippy, clippy-browser, csr, types, docs, deny, interop
    checks: Vec<String>,
}

/// Runs them.
pub(crate) fn run(arguments: &Ci) -> Result<()> {
    catch_interrupts()?;
    for name in &arguments.checks {
        ensure!(
            CHECKS.iter().any(|(known, _)| known == name),
            "no such check: {name}; there are {}",
            CHECKS.map(|(name, _)| name).join(", ")
        );
    }
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        if !arguments.checks.is_empty() && !arguments.checks.iter().any(|wanted| wanted == name) {
            continue;
        }
        if let Err(error) = step(name, check) {
            check_interrupt()?;
            note(format_args!("{name}: {error:#}"));
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    note("every check passed");
    Ok(())
}

fn fmt() -> Result<()> {
    execute(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    execute(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    // The server turns its feature on in the line above; alone it must be complete too.
    execute(cargo().args(["clippy", "--package", "pilothouse-app", "--features", "ssr", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_browser() -> Result<()> {
    ensure_wasm_target()?;
    let dir = target().join("web");
    for feature in ["hydrate", "csr"] {
        let app = ["clippy", "--package", "pilothouse-app", "--no-default-features", "--features", feature, "--target", WASM];
        execute(cargo().args(app).args(["--target-dir", argument(&dir)?, "--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn csr() -> Result<()> {
    site::compile(Profile::Dev, &["--bin", "pilothouse-csr"], "csr").map(drop)
}

fn docs() -> Result<()> {
    execute(cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// The advisory database is no package and cannot be had from a package registry: advisories are not checked here.
fn deny() -> Result<()> {
    let tools = target().join("tools");
    let program = tools.join("bin/cargo-deny");
    if !program.exists() {
        note("  no cargo-deny here yet: building it, once");
        execute(cargo().args(["install", "cargo-deny", "--version", "0.20.2", "--locked", "--quiet", "--root", argument(&tools)?]))?;
    }
    // cargo finds a tool's folder on PATH; ours is named in full.
    execute(Command::new(program).current_dir(root()).args(["check", "bans", "licenses", "sources"]))
}
