//! `cargo xtask screenshots`: every page, dark and light, wide and narrow, into `target/screenshots`. The pages are listed in
//! `end2end/pages.ts`; the server is a private one with its simulated fleet.

use std::fs;

use anyhow::{Result, ensure};

use crate::{
    browser::Browser,
    process::{self, catch_interrupts},
    server,
    site::{self, Profile},
    step::{say, step},
    workspace::target,
};

/// Takes them.
pub(crate) fn run() -> Result<()> {
    catch_interrupts()?;
    let browser = step("browser", Browser::ready)?;
    let site = site::build(Profile::Web)?;
    let program = step("server", || server::build(false))?;
    let dir = target().join("screenshots");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    step("screenshots", || process::run(browser.playwright("screenshots", &program, &site).env("PILOTHOUSE_SCREENSHOTS", &dir)))?;
    let count = fs::read_dir(&dir)?.count();
    ensure!(count > 0, "no screenshot was taken");
    say(format_args!("{count} screenshots in {}", dir.display()));
    Ok(())
}
