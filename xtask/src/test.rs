//! `cargo xtask test`: every test there is but those against real servers (`cargo xtask interop`).

use anyhow::{Result, ensure};
use clap::Args;

use crate::{
    browser::Browser,
    cargo::cargo,
    process::catch_interrupts,
    server,
    site::{self, Profile},
    step::{say, step},
    tally::Tally,
};

/// What to test.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Leave the browser out
    #[arg(long, conflicts_with = "browser_only")]
    no_browser: bool,
    /// The browser tests alone
    #[arg(long)]
    browser_only: bool,
    /// Passed on to the browser's test runner: a file, `--grep TEXT`, `--update-snapshots`
    #[arg(last = true)]
    playwright: Vec<String>,
}

/// Runs all of them, also when some fail; the last line counts.
pub(crate) fn run(arguments: &Test) -> Result<()> {
    catch_interrupts()?;
    // What is missing is said at once, not after the build.
    let browser = if arguments.no_browser { None } else { Some(step("browser", Browser::ready)?) };
    let mut tally = Tally::default();
    if !arguments.browser_only {
        tally += step("cargo test", || Tally::of_cargo(cargo().args(["test", "--workspace", "--no-fail-fast"])))?;
    }
    if let Some(browser) = browser {
        tally += in_browser(&browser, &arguments.playwright)?;
    }
    say(tally);
    ensure!(tally.passed > 0, "no test ran");
    ensure!(tally.failed == 0, "{} tests failed", tally.failed);
    Ok(())
}

fn in_browser(browser: &Browser, passed_on: &[String]) -> Result<Tally> {
    // The bundle that is shipped: what is tested is what people get, and it loads ten times as fast.
    let site = site::build(Profile::Web)?;
    let program = step("server", || server::build(false))?;
    step("browser tests", || Tally::of_browser(browser.playwright("specs", &program, &site).args(passed_on)))
}
