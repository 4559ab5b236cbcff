//! PostgreSQL: Debian's programs; the suite of the store makes a private cluster by itself.

use std::fs;

use anyhow::Result;

use super::cargo_test;
use crate::{process::find, tally::Tally};

/// Where Debian puts a folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Whether `initdb` is there.
pub(super) fn found() -> bool {
    let in_debian = || fs::read_dir(DEBIAN).ok()?.flatten().find(|version| version.path().join("bin/initdb").exists());
    find("initdb").is_some() || in_debian().is_some()
}

/// Runs the store's suite, where a missing PostgreSQL is a failure.
pub(super) fn run() -> Result<Tally> {
    Tally::of_cargo(cargo_test("pilothouse-store").env("PILOTHOUSE_REQUIRE_POSTGRES", "1"))
}
