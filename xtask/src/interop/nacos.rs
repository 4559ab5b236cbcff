//! Nacos, two generations: built from Maven packages, started on free ports in a folder that goes away with it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{cargo_test, recipe};
use crate::{
    loopback::{free_port, get_status},
    process::{Running, until},
    step::{note, step},
    tally::Tally,
};

/// A JVM on a busy machine; six seconds on an idle one.
const START: Duration = Duration::from_secs(180);
/// The ports it takes by itself, relative to its HTTP port: gRPC for clients and between servers, raft.
const NEIGHBOURS: [i32; 3] = [1000, 1001, -1000];

/// One generation.
pub(crate) struct Generation {
    /// The folder of `interop/`.
    pub(super) recipe: &'static str,
    /// The variable in which the suite expects its address.
    variable: &'static str,
    /// The variable for the address of one that wants a login.
    users_variable: &'static str,
    /// Answers 200 once it is up, and nothing but errors before.
    ready: &'static str,
}

/// Planes v1 and v2.
pub(crate) const V2_3: Generation = Generation {
    recipe: "nacos-2.3",
    variable: "PILOTHOUSE_NACOS_2_3",
    users_variable: "PILOTHOUSE_NACOS_2_3_USERS",
    ready: "/nacos/v1/ns/service/list?pageNo=1&pageSize=1",
};
/// Plane v3; v1 and v2 by its compatibility switches.
pub(crate) const V3_1: Generation = Generation {
    recipe: "nacos-3.1",
    variable: "PILOTHOUSE_NACOS_3_1",
    users_variable: "PILOTHOUSE_NACOS_3_1_USERS",
    ready: "/nacos/v3/admin/core/state",
};

impl Generation {
    /// The path that answers 200 once it is up.
    pub(super) fn ready(&self) -> &'static str {
        self.ready
    }
}

/// A running server. Dropped in this order: first it stops, then its folder goes.
pub(crate) struct Nacos {
    running: Running,
    port: u16,
    home: TempDir,
}

impl Nacos {
    /// Builds it, unless that was done, starts it and waits until it answers. It wants no login.
    pub(crate) fn start(generation: &Generation) -> Result<Self> {
        Self::start_with(generation, false)
    }

    /// `users`: it wants a login.
    fn start_with(generation: &Generation, users: bool) -> Result<Self> {
        let dir = built(generation.recipe)?;
        let port = free_port(&NEIGHBOURS)?;
        let console_port = free_port(&[])?;
        let home = tempfile::tempdir()?;
        let log = home.path().join("out.log");
        let output = fs::File::create(&log)?;
        let mut command = Command::new("bash");
        command.arg("start.sh").current_dir(&dir).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        command.env("PORT", port.to_string()).env("CONSOLE_PORT", console_port.to_string()).env("HOME_DIR", home.path().join("home"));
        command.env("AUTH", users.to_string());
        step(&format!("start {}", generation.recipe), || {
            let running = Running::start(generation.recipe, &mut command)?;
            let mut nacos = Self { running, port, home };
            let url = format!("http://127.0.0.1:{port}{}", generation.ready);
            // Refusing is an answer, too.
            let up = || matches!(get_status(&url), Ok(200 | 401 | 403)).then_some(());
            let ready = until("it answered", START, &mut nacos.running, up);
            if ready.is_err() {
                nacos.show_log(&log);
            }
            ready.map(|()| nacos)
        })
    }

    /// Its HTTP address, `127.0.0.1:port`.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn show_log(&self, log: &Path) {
        let text = fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        note(format_args!("  its last words (in {}):\n{}", self.home.path().display(), lines[lines.len().saturating_sub(30)..].join("\n")));
    }
}

/// Runs the adapter's suite on one generation.
pub(super) fn run(generation: &Generation) -> Result<Tally> {
    let mut tally = Tally::default();
    for (users, suite, variable) in [(false, "nacos_real", generation.variable), (true, "nacos_login", generation.users_variable)] {
        let nacos = Nacos::start_with(generation, users)?;
        let url = format!("http://{}", nacos.address());
        tally += Tally::of_cargo(cargo_test("pilothouse-registry").args(["--test", suite]).env(variable, url))?;
    }
    Ok(tally)
}

/// Builds; once more when Maven's own cache, which the class path points into, was emptied since.
pub(super) fn built(name: &str) -> Result<PathBuf> {
    let dir = recipe::build(name)?;
    let list = fs::read_to_string(dir.join("target/cp.txt")).with_context(|| format!("{name} left no class path"))?;
    if list.trim().split(':').all(|jar| Path::new(jar).exists()) {
        return Ok(dir);
    }
    recipe::forget(&dir)?;
    recipe::build(name)
}
