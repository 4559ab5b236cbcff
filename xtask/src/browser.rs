//! Chromium and the Node.js packages that drive it. Nothing here downloads a browser of its own: Chromium is the distribution's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Result, bail, ensure};

use crate::{
    npm,
    process::{find, run},
    site::Site,
    step::note,
    workspace::{root, target},
};

/// Names under which a Chromium may be on `PATH`.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The oldest Node.js that Playwright runs on.
const NODE: u32 = 20;

/// What a browser test needs.
pub(crate) struct Browser {
    chromium: PathBuf,
    modules: PathBuf,
}

impl Browser {
    /// Finds it all, and installs what is missing where that is possible: as root on Debian, or from npm.
    pub(crate) fn ready() -> Result<Self> {
        let chromium = match chromium() {
            Some(path) => path,
            None => {
                install_chromium()?;
                let Some(path) = chromium() else { bail!("the package chromium was installed, but there is no program of that name") };
                path
            }
        };
        ensure!(
            node_major().is_some_and(|major| major >= NODE) && npm::found(),
            "browser tests need Node.js {NODE} or newer and npm; on Debian 13 or newer: apt-get install nodejs npm"
        );
        let modules = npm::install_here(&root().join("end2end"))?;
        Ok(Self { chromium, modules })
    }

    /// Playwright's test runner on one project of `end2end/playwright.config.ts`, told what to start and where to write.
    pub(crate) fn playwright(&self, project: &str, program: &Path, site: &Site) -> Command {
        let mut runner = Command::new("node");
        runner
            .current_dir(root().join("end2end"))
            .arg(self.modules.join("@playwright/test/cli.js"))
            .arg("test")
            .arg(format!("--project={project}"));
        runner.env("PILOTHOUSE_CHROMIUM", &self.chromium).env("PILOTHOUSE_BIN", program).env("PILOTHOUSE_SITE", &site.dir);
        runner.env("PILOTHOUSE_OUT", target().join("end2end"));
        runner
    }

    /// Checks the types of `end2end/`.
    pub(crate) fn typescript(&self) -> Command {
        let mut compiler = Command::new("node");
        compiler.current_dir(root().join("end2end")).arg(self.modules.join("typescript/bin/tsc")).arg("--noEmit");
        compiler
    }
}

fn chromium() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find(name))
}

/// The major version in `v20.19.0`.
fn node_major() -> Option<u32> {
    let output = Command::new("node").arg("--version").stderr(Stdio::null()).output().ok()?;
    str::from_utf8(&output.stdout).ok()?.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn install_chromium() -> Result<()> {
    let debian = find("apt-get").is_some() && fs::exists("/etc/debian_version")?;
    let root = Command::new("id").arg("-u").stderr(Stdio::null()).output().is_ok_and(|output| output.stdout == b"0\n");
    ensure!(debian && root, "browser tests need Chromium, and none of {NAMES:?} is on PATH; on Debian, as root: apt-get install chromium");
    note("  no Chromium here: installing Debian's");
    let apt =
        |arguments: &[&str]| run(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()));
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium"])
}
