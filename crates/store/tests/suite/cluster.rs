//! A private PostgreSQL: made in a temporary folder, reached by a Unix socket alone, stopped when dropped.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server.
pub(crate) struct Cluster {
    server: Child,
    folder: TempDir,
    programs: PathBuf,
    databases: AtomicU32,
}

impl Cluster {
    /// Makes and starts one; the error says what is missing.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("pilothouse-pg").tempdir().map_err(|error| error.to_string())?;
        if is_root() {
            let (user, group) = (id_of("-u")?, id_of("-g")?);
            chown(folder.path(), Some(user), Some(group)).map_err(|error| format!("chown: {error}"))?;
        }
        let data = folder.path().join("data");
        let made = as_postgres(&programs.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .output()
            .map_err(|error| format!("initdb: {error}"))?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)));
        }
        let log = fs::File::create(folder.path().join("log")).map_err(|error| error.to_string())?;
        let server = as_postgres(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("postgres: {error}"))?;
        let mut cluster = Self { server, folder, programs, databases: AtomicU32::new(0) };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The URL of a new, empty database.
    pub(crate) fn fresh_database(&self) -> String {
        let name = format!("store{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = self.psql("postgres", &format!("CREATE DATABASE {name}"));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.path().display())
    }

    fn psql(&self, database: &str, statement: &str) -> std::process::Output {
        Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-U", "postgres", "-d", database, "-c", statement, "-h"])
            .arg(self.folder.path())
            .output()
            .expect("psql stands beside postgres")
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.psql("postgres", "SELECT 1").status.success() {
            let ended = self.server.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || Instant::now() > deadline {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                return Err(format!("postgres did not start: {log}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT is the immediate shutdown: every process of the server ends, nothing is written any more. The shell's own
        // `kill` is there even where no package brings the program.
        let asked = Command::new("sh").args(["-c", &format!("kill -QUIT {}", self.server.id())]).status();
        if !asked.is_ok_and(|status| status.success()) {
            _ = self.server.kill();
        }
        _ = self.server.wait();
    }
}

/// The server's programs of the newest version that Debian's packages installed.
fn programs() -> Result<PathBuf, String> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    let version = |bin: &PathBuf| bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
    found.max_by_key(version).ok_or_else(|| "no /usr/lib/postgresql/*/bin/initdb; apt-get install postgresql brings it".into())
}

/// PostgreSQL refuses to run as root: then it runs as the user of its package. It dies with the thread that started it.
fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

fn id_of(flag: &str) -> Result<u32, String> {
    let output = Command::new("id").args([flag, "postgres"]).output().map_err(|error| error.to_string())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| "there is no user postgres".to_owned())
}
