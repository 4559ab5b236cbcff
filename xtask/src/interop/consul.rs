//! Consul: one program; the suite starts the agents it needs by itself, since it kills them too.

use anyhow::Result;

use super::{cargo_test, recipe};
use crate::tally::Tally;

/// Builds Consul (eight minutes, once) and runs the adapter's suite on it.
pub(super) fn run() -> Result<Tally> {
    let program = recipe::build("consul")?.join("consul");
    Tally::of_cargo(cargo_test("pilothouse-registry").args(["--test", "consul_real"]).env("PILOTHOUSE_CONSUL", program))
}
