//! A measured process: started, read through `/proc`, stopped. Linux alone.

use std::{collections::HashSet, fs, path::Path, process::Stdio, time::Duration};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

/// The kernel's tick: a constant of its interface on every Linux that Rust runs on.
const TICKS_PER_SECOND: f64 = 100.0;
const GRACE: Duration = Duration::from_secs(10);

/// A child that ends with this value.
pub(crate) struct Measured {
    child: Child,
    pid: u32,
}

impl Measured {
    /// Starts it; its output goes to a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let output = fs::File::create(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).kill_on_drop(true);
        let child = command.spawn().with_context(|| format!("cannot start {:?}", command.as_std().get_program()))?;
        let pid = child.id().context("it ended at once")?;
        Ok(Self { child, pid })
    }

    /// Resident memory, in KiB.
    pub(crate) fn resident_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// CPU time spent so far, in seconds, user and kernel.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The name may hold blanks and brackets: fields are counted after its last bracket.
        let fields: Vec<&str> = stat.rsplit(')').next().context("no fields")?.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).context("too few fields")?.parse::<f64>().context("not a number of ticks");
        Ok((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
    }

    /// Established TCP connections it holds to a port.
    pub(crate) fn connections_to(&self, port: u16) -> Result<usize> {
        let mut sockets = HashSet::new();
        for entry in fs::read_dir(format!("/proc/{}/fd", self.pid))? {
            // A descriptor may be closed between the two calls.
            let Ok(target) = fs::read_link(entry?.path()) else { continue };
            if let Some(inode) = target.to_str().and_then(|text| text.strip_prefix("socket:[")?.strip_suffix(']')) {
                sockets.insert(inode.to_owned());
            }
        }
        let table = fs::read_to_string(format!("/proc/{}/net/tcp", self.pid))?;
        let to_port = format!(":{port:04X}");
        let held = table.lines().skip(1).filter(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let established = fields.get(3) == Some(&"01");
            established && fields[2].ends_with(&to_port) && sockets.contains(*fields.get(9).unwrap_or(&""))
        });
        Ok(held.count())
    }

    /// Fails once it has ended.
    pub(crate) fn alive(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the measured process ended: {status}");
        }
        Ok(())
    }

    /// Asks it to end, and waits.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.alive()?;
        kill(Pid::from_raw(i32::try_from(self.pid)?), Signal::SIGTERM)?;
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}

/// Polls until `check` gives a value.
pub(crate) async fn eventually<T, F>(what: &str, limit: Duration, mut check: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = check().await? {
            return Ok(value);
        }
        if Instant::now() > deadline {
            bail!("not within {} s: {what}", limit.as_secs());
        }
        sleep(Duration::from_millis(50)).await;
    }
}
