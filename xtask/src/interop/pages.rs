//! The pages while real servers die: Chromium, a console, Nacos and Consul. The specs start the servers themselves, since they kill them.

use anyhow::Result;

use super::{nacos, recipe};
use crate::{
    browser::Browser,
    server,
    site::{self, Profile},
    step::step,
    tally::Tally,
};

/// Builds what the specs start, then runs them.
pub(super) fn run() -> Result<Tally> {
    let browser = step("browser", Browser::ready)?;
    let nacos = nacos::built(nacos::V2_3.recipe)?;
    let consul = recipe::build("consul")?.join("consul");
    let site = site::build(Profile::Web)?;
    let program = step("server", || server::build(false))?;
    let mut specs = browser.playwright("real", &program, &site);
    step("browser tests", || Tally::of_browser(specs.env("PILOTHOUSE_NACOS_DIR", nacos).env("PILOTHOUSE_CONSUL", consul)))
}
