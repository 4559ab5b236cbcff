//! The project's commands: `cargo xtask VERB`. One file a verb; what several verbs share has a file named after what it is. A verb
//! needs Rust and no more unless it says so.

mod bench;
mod browser;
mod cargo;
mod ci;
mod compress;
mod dist;
mod interop;
mod loopback;
mod npm;
mod process;
mod run;
mod screenshots;
mod server;
mod site;
mod step;
mod style;
mod tally;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Builds, runs and tests Pilothouse.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Verb {
    /// Build everything and open a live console on loopback
    Run(run::Run),
    /// Pass every test, the browser's included
    Test(test::Test),
    /// Pass everything else: format, lints, docs, licences, every feature set, real servers
    Ci(ci::Ci),
    /// Get real servers from package registries and run the suites against them
    Interop(interop::Interop),
    /// Measure, and print every figure beside its goal
    Bench(bench::Bench),
    /// Take a picture of every page, dark and light, wide and narrow
    Screenshots,
    /// Put what one deploys into target/dist
    Dist,
    /// Write the style sheet for Trunk and cargo-leptos
    Style,
}

fn main() -> ExitCode {
    let result = match Verb::parse() {
        Verb::Run(arguments) => run::run(&arguments),
        Verb::Test(arguments) => test::run(&arguments),
        Verb::Ci(arguments) => ci::run(&arguments),
        Verb::Interop(arguments) => interop::run(&arguments),
        Verb::Bench(arguments) => bench::run(&arguments),
        Verb::Screenshots => screenshots::run(),
        Verb::Dist => dist::run(),
        Verb::Style => style::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step::note(format_args!("\n{error:#}"));
            ExitCode::FAILURE
        }
    }
}
