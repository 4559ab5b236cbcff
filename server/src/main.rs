//! The program `pilothouse`: command line, settings, and the wiring of every room. It decides nothing that a use case could.

mod children;
mod cli;
mod clock;
mod commands;
mod connect;
mod http;
mod ports;
mod settings;
mod shutdown;
mod ssr;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::settings::LogFormat;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes: Vec<_> = error.chain().map(ToString::to_string).collect();
            tracing::debug!(?error, "failed");
            let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("pilothouse: {}\n", causes.join(": ")));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Openapi => {
            commands::say(http::router::openapi());
            return Ok(());
        }
        Command::CheckConfig(args) => return commands::check_config::run(&args),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => commands::serve::run(args).await,
            Command::Registry(args) => {
                telemetry::start(LogFormat::Text, "warn");
                commands::registry::run(args).await
            }
            Command::Demo(args) => {
                telemetry::start(LogFormat::Text, "warn");
                commands::demo::run(args).await
            }
            Command::Backup(args) => commands::backup::run(&args).await,
            Command::Openapi | Command::CheckConfig(_) => Ok(()),
        }
    });
    // A blocking read of standard input must not keep the process alive.
    runtime.shutdown_background();
    result
}
