//! What a person reads while an xtask works: one line a step, with the time it took. Everything goes to standard error, so that
//! standard output stays for results.

use std::{
    fmt::Display,
    io::{self, Write},
    time::Instant,
};

use anyhow::Result;

/// Runs `work` as a named step: announces it, then says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    note(format_args!("» {name}"));
    let result = work();
    let verb = if result.is_ok() { "done" } else { "failed" };
    note(format_args!("  {verb} in {:.1} s: {name}", start.elapsed().as_secs_f64()));
    result
}

/// Says something on the way.
pub(crate) fn note(line: impl Display) {
    // A closed standard error is no reason to stop.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints a result.
pub(crate) fn say(line: impl Display) {
    // Neither is a closed standard output.
    let _ = writeln!(io::stdout(), "{line}");
}
