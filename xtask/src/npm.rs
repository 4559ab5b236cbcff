//! Packages from npm, by a lock file of this checkout: nothing else is ever installed, and no install script runs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use crate::{process, workspace::target};

/// Whether npm is there.
pub(crate) fn found() -> bool {
    process::find("npm").is_some()
}

/// Installs what `recipe/package-lock.json` names into a folder of `target/` and gives its `node_modules`. Does nothing when that
/// was done before for the same lock file.
pub(crate) fn install(name: &str, recipe: &Path) -> Result<PathBuf> {
    let dir = target().join("npm").join(name);
    fs::create_dir_all(&dir)?;
    fs::copy(recipe.join("package.json"), dir.join("package.json"))?;
    install_lock(&recipe.join("package-lock.json"), &dir)
}

/// Installs into a folder of the checkout, which holds the `package.json` itself.
pub(crate) fn install_here(dir: &Path) -> Result<PathBuf> {
    install_lock(&dir.join("package-lock.json"), dir)
}

fn install_lock(lock: &Path, dir: &Path) -> Result<PathBuf> {
    let modules = dir.join("node_modules");
    let stamp = modules.join(".pilothouse-lock");
    let wanted = fs::read_to_string(lock).with_context(|| lock.display().to_string())?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(modules);
    }
    let place = dir.join("package-lock.json");
    if lock != place {
        fs::write(&place, &wanted)?;
    }
    let flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", "--loglevel=error"];
    let mut npm = Command::new("npm");
    npm.args(flags).current_dir(dir).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").stdout(Stdio::null());
    process::run(&mut npm)?;
    fs::write(stamp, wanted)?;
    Ok(modules)
}
