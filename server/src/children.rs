//! Child processes of `serve --demo`: two registries and a fleet, which a test can kill.
//!
//! A child says its address in its first line, ends when its standard input does, and is started again when it dies.

use std::fmt::{self, Display};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio_util::sync::CancellationToken;

/// A child that has not said its address by then is given up.
const START: Duration = Duration::from_secs(20);
/// Pause before a child that died is started again.
const RESTART: Duration = Duration::from_secs(3);
/// How long a child may take to end by itself.
const END: Duration = Duration::from_secs(2);

/// A child's first line.
pub(crate) struct Announcement<'a> {
    pub(crate) url: &'a str,
}

impl Display for Announcement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", serde_json::json!({ "url": self.url }))
    }
}

#[derive(Deserialize)]
struct Announced {
    url: String,
}

/// A supervised child.
pub(crate) struct Supervised {
    pub(crate) name: String,
    pub(crate) url: String,
    pid: Arc<Mutex<Option<u32>>>,
}

impl Supervised {
    /// The process id now; `None` between two lives.
    pub(crate) fn pid(&self) -> Option<u32> {
        *self.pid.lock()
    }

    /// Starts `pilothouse {args}` and keeps it alive until `stop`. `again` makes the arguments of a later life, in which the
    /// address of the first one must be kept.
    pub(crate) async fn start(
        name: &str,
        args: Vec<String>,
        again: impl Fn(&str) -> Vec<String> + Send + 'static,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let (life, url) = spawn(&args).await.with_context(|| format!("{name} does not start"))?;
        let pid = Arc::new(Mutex::new(life.child.id()));
        let supervised = Self { name: name.into(), url: url.clone(), pid: Arc::clone(&pid) };
        let name = name.to_owned();
        tokio::spawn(async move {
            let mut life = life;
            loop {
                tokio::select! {
                    () = stop.cancelled() => return life.end().await,
                    status = life.child.wait() => {
                        *pid.lock() = None;
                        tracing::warn!(child = name, ?status, "a child died; it is started again");
                    }
                }
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(RESTART) => {}
                    }
                    match spawn(&again(&url)).await {
                        Ok((next, _)) => {
                            life = next;
                            *pid.lock() = life.child.id();
                            break;
                        }
                        Err(error) => tracing::warn!(child = name, %error, "a child does not start again yet"),
                    }
                }
            }
        });
        Ok(supervised)
    }
}

/// One life of a child. Its standard input is held apart, since waiting for a child closes it, and with it ends the child.
struct Life {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Life {
    async fn end(mut self) {
        drop(self.stdin.take());
        if tokio::time::timeout(END, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

async fn spawn(args: &[String]) -> anyhow::Result<(Life, String)> {
    let program = std::env::current_exe().context("the path of this program is not known")?;
    let mut child = Command::new(program)
        .args(args)
        .arg("--with-parent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("the process cannot be started")?;
    let mut lines = BufReader::new(child.stdout.take().context("the child has no standard output")?).lines();
    let Ok(first) = tokio::time::timeout(START, lines.next_line()).await else { bail!("it said nothing for {} s", START.as_secs()) };
    let Some(line) = first? else { bail!("it ended at once: {}", child.wait().await?) };
    let announced: Announced = serde_json::from_str(&line).with_context(|| format!("its first line is not an address: {line}"))?;
    // The rest of its output is passed over, but read, so that it never blocks.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    let stdin = child.stdin.take();
    Ok((Life { child, stdin }, announced.url))
}

/// In a child: cancels `stop` when the parent, and with it standard input, is gone.
pub(crate) fn stop_with_parent(stop: &CancellationToken) {
    let stop = stop.clone();
    tokio::spawn(async move {
        let mut nothing = [0; 64];
        let mut stdin = tokio::io::stdin();
        while matches!(stdin.read(&mut nothing).await, Ok(read) if read > 0) {}
        stop.cancel();
    });
}
