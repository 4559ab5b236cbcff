//! Cargo, as this xtask calls it: without the variables that `cargo run` set for us, which would make build scripts run again each
//! time plain `cargo` and `cargo xtask` take turns.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    process::{self, find, wait},
    step::note,
    workspace::root,
};

/// The only target the browser half is built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// `cargo`, in the root of the checkout.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        let set_by_cargo_run = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME"].contains(&name)
        });
        if set_by_cargo_run {
            command.env_remove(name);
        }
    }
    command
}

/// What of a build is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Artifact {
    /// The program of a package.
    Program,
    /// Its WebAssembly module.
    Wasm,
}

/// Runs `cargo build` with these arguments and gives the path of one artifact of `package`.
pub(crate) fn build(package: &str, arguments: &[&str], wanted: Artifact) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package", package, "--message-format", "json-render-diagnostics"]).args(arguments);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let messages = BufReader::new(child.stdout.take().expect("standard output is piped"));
    let name = package.to_owned();
    // Read aside, so that this thread can notice an interrupt.
    let reader = thread::spawn(move || {
        let lines = messages.lines().map_while(Result::ok);
        lines.filter_map(|line| artifact(&serde_json::from_str(&line).ok()?, &name, wanted)).last()
    });
    let status = wait(&mut child)?;
    let found = reader.join().expect("reading lines does not panic");
    ensure!(status.success(), "cargo could not build {package}");
    found.with_context(|| format!("cargo built no such artifact of {package}: {wanted:?}"))
}

/// The path in one of cargo's messages, if it is about what is wanted.
fn artifact(message: &Value, package: &str, wanted: Artifact) -> Option<PathBuf> {
    // A package id ends in `path#name@version`, or in `path/name#version` where the folder has the package's name.
    let id = message["package_id"].as_str()?;
    let named = id.rsplit_once('#').is_some_and(|(path, name)| {
        name.split('@').next() == Some(package) || (!name.contains('@') && path.ends_with(&format!("/{package}")))
    });
    if !named {
        return None;
    }
    let path = match wanted {
        Artifact::Program => message["executable"].as_str(),
        Artifact::Wasm => message["filenames"].as_array()?.iter().filter_map(Value::as_str).find(|name| name.ends_with(".wasm")),
    };
    path.map(PathBuf::from)
}

/// Adds the WebAssembly target to the toolchain in use when it is not there.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).args(["--print", "sysroot"]).output()?;
    ensure!(output.status.success(), "`rustc --print sysroot`: {}", output.status);
    let sysroot = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    if sysroot.join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    ensure!(
        find("rustup").is_some(),
        "the Rust in {} has no target {WASM}, and there is no rustup to add it: install the standard library for {WASM} the way \
         this Rust was installed (a distribution often has a package for it), or use rustup",
        sysroot.display()
    );
    note(format_args!("  the target {WASM} is missing: adding it"));
    process::run(Command::new("rustup").args(["target", "add", WASM]))
}

/// A path as an argument for cargo.
pub(crate) fn argument(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("not UTF-8: {}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_the_artifact_of_the_package_asked_for() {
        let wasm = json!({"package_id": "path+file:///x/app#pilothouse-app@0.1.0", "filenames": ["/t/libx.rlib", "/t/x.wasm"]});
        let program = json!({"package_id": "path+file:///x/pilothouse#0.1.0", "executable": "/t/pilothouse", "filenames": []});
        let cases = [
            (&wasm, "pilothouse-app", Artifact::Wasm, Some("/t/x.wasm")),
            (&wasm, "pilothouse", Artifact::Wasm, None),
            (&wasm, "pilothouse-app", Artifact::Program, None),
            (&program, "pilothouse", Artifact::Program, Some("/t/pilothouse")),
        ];
        for (message, package, wanted, expected) in cases {
            assert_eq!(artifact(message, package, wanted), expected.map(PathBuf::from), "{package} {wanted:?}");
        }
    }
}
