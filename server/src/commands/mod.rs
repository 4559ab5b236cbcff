//! One file a command.

pub(crate) mod backup;
pub(crate) mod check_config;
pub(crate) mod demo;
pub(crate) mod registry;
pub(crate) mod serve;

use std::io::Write;

/// Prints one line to standard output. A closed pipe is no error: whoever read it has seen enough.
pub(crate) fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
