//! The figures of a page: measured in Chromium by the project `bench` of `end2end/`, with 10,000 rows and a burst of 5,000 deltas.

use std::fs;

use anyhow::{Context, Result};

use super::figure::Figure;
use crate::{
    browser::Browser,
    process::run,
    server,
    site::{self, Profile},
    step::step,
    workspace::target,
};

/// Rows in the DOM, and what a burst costs.
pub(super) fn measure() -> Result<Vec<Figure>> {
    let browser = step("browser", Browser::ready)?;
    let site = site::build(Profile::Web)?;
    let program = step("server", || server::build(true))?;
    let file = target().join("end2end/figures.json");
    if file.exists() {
        fs::remove_file(&file)?;
    }
    run(browser.playwright("bench", &program, &site).env("PILOTHOUSE_FIGURES", &file))?;
    serde_json::from_slice(&fs::read(&file).context("the browser left no figures")?).context("the figures")
}
