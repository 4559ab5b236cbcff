//! How many tests passed: read off what the runners print, added up over all of them.

use std::{
    fmt, fs,
    io::{BufRead, BufReader},
    ops::AddAssign,
    process::{Command, Stdio},
    thread,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    process::{status, wait},
    step::say,
    workspace::target,
};

/// Counted tests. Prints as `3 passed, 0 failed, 1 skipped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Ran, and held.
    pub(crate) passed: u64,
    /// Ran, and did not hold.
    pub(crate) failed: u64,
    /// Did not run.
    pub(crate) skipped: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

impl Tally {
    /// Runs `cargo test`, shows what it prints, and counts. A test that fails is counted; anything else that fails is an error.
    pub(crate) fn of_cargo(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo test")?;
        let output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let reader = thread::spawn(move || {
            let mut tally = Self::default();
            for line in output.lines().map_while(Result::ok) {
                say(&line);
                if let Some(part) = Self::of_line(&line) {
                    tally += part;
                }
            }
            tally
        });
        let status = wait(&mut child)?;
        let tally = reader.join().expect("reading lines does not panic");
        ensure!(status.success() || tally.failed > 0, "cargo test: {status}");
        Ok(tally)
    }

    /// The counts in a closing line of libtest: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn of_line(line: &str) -> Option<Self> {
        let counts = line.strip_prefix("test result: ")?;
        let count = |word: &str| {
            let before = counts.split(&format!(" {word}")).next()?;
            before.rsplit(' ').next()?.parse().ok()
        };
        Some(Self { passed: count("passed")?, failed: count("failed")?, skipped: count("ignored")? })
    }

    /// Runs Playwright; its report counts.
    pub(crate) fn of_browser(runner: &mut Command) -> Result<Self> {
        let report = target().join("end2end/report.json");
        if report.exists() {
            fs::remove_file(&report)?;
        }
        let status = status(runner)?;
        let text = fs::read(&report).with_context(|| format!("the browser's test runner left no report: {status}"))?;
        let tally = Self::of_playwright(&serde_json::from_slice(&text)?)?;
        ensure!(status.success() || tally.failed > 0, "the browser's test runner: {status}");
        Ok(tally)
    }

    /// The counts in Playwright's JSON report. A test that passed only when it was tried again has failed.
    pub(crate) fn of_playwright(report: &Value) -> Result<Self> {
        let count = |name: &str| report["stats"][name].as_u64().with_context(|| format!("no stats.{name} in the report"));
        Ok(Self { passed: count("expected")?, failed: count("unexpected")? + count("flaky")?, skipped: count("skipped")? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_the_closing_line_of_libtest() {
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 7 filtered out; finished in 0.02s",
                Some(Tally { passed: 12, failed: 0, skipped: 3 }),
            ),
            ("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured", Some(Tally { passed: 1, failed: 2, skipped: 0 })),
            ("test some::name ... ok", None),
            ("test result: nothing of the kind", None),
        ];
        for (line, expected) in cases {
            assert_eq!(Tally::of_line(line), expected, "{line}");
        }
    }

    #[test]
    fn a_flaky_browser_test_has_failed() {
        let report = json!({"stats": {"expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2}});
        assert_eq!(Tally::of_playwright(&report).unwrap().to_string(), "5 passed, 2 failed, 2 skipped");
        assert!(Tally::of_playwright(&json!({})).is_err());
    }
}
