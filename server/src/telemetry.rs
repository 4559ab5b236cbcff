//! Log lines on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::settings::LogFormat;

/// Starts logging. A filter that cannot be read falls back to `info`, and says so.
pub(crate) fn start(format: LogFormat, level: &str) {
    let (filter, wrong) = match EnvFilter::try_new(level) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new("info"), Some(error)),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let started = match format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
    };
    if let (Ok(()), Some(error)) = (started, wrong) {
        tracing::warn!(%error, level, "log.level cannot be read, `info` is used");
    }
}
