//! Child processes: run one to its end, or keep one for as long as a value lives. Whatever ends this process (Ctrl-C, SIGTERM, an
//! error on the way) ends its children first. Knows nothing of what they are.

use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    process::{Child, Command, ExitStatus},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

const POLL: Duration = Duration::from_millis(20);
/// How long a child may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(10);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on SIGINT, SIGTERM and SIGHUP are noted instead of ending this process: waits notice, and values dropped on the way
/// out stop their children.
pub(crate) fn catch_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("cannot watch for Ctrl-C")
}

/// Whether this process was asked to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Fails once this process was asked to stop.
pub(crate) fn check_interrupt() -> Result<()> {
    ensure!(!interrupted(), "interrupted");
    Ok(())
}

/// Runs a command to its end and fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = status(command)?;
    ensure!(status.success(), "`{words}`: {status}");
    Ok(())
}

/// Runs a command to its end.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    let words = words(command);
    let mut child = command.spawn().with_context(|| format!("cannot start `{words}`"))?;
    wait(&mut child)
}

/// Waits for a child, and stops it when this process is asked to stop.
pub(crate) fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            check_interrupt()?;
            return Ok(status);
        }
        if interrupted() {
            stop(child);
            bail!("interrupted");
        }
        thread::sleep(POLL);
    }
}

/// Polls `ready` until it gives a value. Fails at the deadline, when the child has ended, and when this process is asked to stop.
pub(crate) fn until<T>(what: &str, limit: Duration, child: &mut Running, mut ready: impl FnMut() -> Option<T>) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = ready() {
            return Ok(value);
        }
        if let Some(status) = child.exited()? {
            bail!("{} ended before {what}: {status}", child.name);
        }
        check_interrupt()?;
        ensure!(Instant::now() < deadline, "{} is still not there after {} s: {what}", child.name, limit.as_secs());
        thread::sleep(POLL);
    }
}

/// A server that lives as long as this value. It has a process group of its own, so that Ctrl-C reaches it through us, once.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts it.
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().with_context(|| format!("cannot start {name}: `{}`", words(command)))?;
        Ok(Self { name: name.to_owned(), child })
    }

    /// How it ended, if it has.
    pub(crate) fn exited(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits until it ends by itself or this process is asked to stop; then it is stopped, and that is no failure.
    pub(crate) fn wait(mut self) -> Result<()> {
        while !interrupted() {
            if let Some(status) = self.exited()? {
                ensure!(status.success(), "{}: {status}", self.name);
                return Ok(());
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Asks a child to stop, and kills it when it does not within the grace period.
fn stop(child: &mut Child) {
    terminate(child);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(POLL);
    }
    // It may be gone by now; either way nothing is left to do.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn terminate(child: &mut Child) {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    // `try_wait` reaps: only a child that is still ours is signalled, never a process that took over its number.
    if matches!(child.try_wait(), Ok(None))
        && let Ok(pid) = i32::try_from(child.id())
    {
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) {
    let _ = child.kill();
}

/// The path of a program on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&name)).find(|path| path.is_file())
}

/// A command as a person would type it; arguments only, since the environment may hold secrets.
fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}
