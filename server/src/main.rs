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
            tracing::debug!(?error, "failed");
            let text = in_words(error.chain().map(ToString::to_string));
            let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("pilothouse: {text}\n"));
            ExitCode::FAILURE
        }
    }
}

/// An error and its causes in one line. Some errors say their cause themselves: that is not said twice.
fn in_words(causes: impl Iterator<Item = String>) -> String {
    causes.fold(String::new(), |text, cause| match text.as_str() {
        "" => cause,
        said if said.ends_with(&cause) => text,
        said => format!("{said}: {cause}"),
    })
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_cause_is_not_said_twice() {
        let words = |causes: &[&str]| super::in_words(causes.iter().map(ToString::to_string));
        assert_eq!(words(&["a.toml cannot be read: no such file", "no such file"]), "a.toml cannot be read: no such file");
        assert_eq!(words(&["it cannot start", "the port is taken"]), "it cannot start: the port is taken");
    }
}
