//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// One browser console over every service registry a team runs.
#[derive(Debug, Parser)]
#[command(name = "pilothouse", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the console.
    Serve(ServeArgs),
    /// Run the embedded Nacos-compatible registry alone.
    Registry(RegistryArgs),
    /// Run the simulated fleet alone.
    Demo(DemoArgs),
    /// Read settings and say what is wrong with them.
    CheckConfig(ConfigArg),
    /// Print the OpenAPI document of /api/v1.
    Openapi,
    /// Copy the store, while the console runs.
    Backup(BackupArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArg {
    /// Settings file; `pilothouse.toml` in this folder by default, if there is one.
    #[arg(long, env = "PILOTHOUSE_CONFIG")]
    config: Option<PathBuf>,
}

impl ConfigArg {
    /// The file to read. One that was named must exist; the default one may be missing.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let default = || Some(PathBuf::from("pilothouse.toml")).filter(|path| path.is_file());
        self.config.clone().or_else(default)
    }
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,
    /// Port of the console; over the settings. Without one, 7070 or the next free one. 0: any free one.
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Where the store, cached views and embedded registries are kept.
    #[arg(long, default_value = "pilothouse-data")]
    pub(crate) data_dir: PathBuf,
    /// Where the browser's files are; beside the program by default.
    #[arg(long, env = "PILOTHOUSE_SITE_DIR")]
    pub(crate) site_dir: Option<PathBuf>,
    /// Also run two embedded registries and a simulated fleet, as child processes.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Port of the fleet's control API; any free one by default.
    #[arg(long, requires = "demo", default_value_t = 0)]
    pub(crate) demo_control: u16,
    /// Seed of the fleet.
    #[arg(long, requires = "demo", default_value_t = 7)]
    pub(crate) demo_seed: u64,
    /// The fleet without its timeline: nothing happens unless the control API is asked.
    #[arg(long, requires = "demo")]
    pub(crate) demo_quiet: bool,
    /// Write the addresses and process ids of everything started to this file, once it is ready.
    #[arg(long)]
    pub(crate) ports_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RegistryArgs {
    /// Port; without one, 8848 or the next free pair. The port 1000 above is reserved with it. 0: any free one.
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Where it keeps what must survive.
    #[arg(long, default_value = "pilothouse-data/registry")]
    pub(crate) data_dir: PathBuf,
    /// End when standard input ends.
    #[arg(long, hide = true)]
    pub(crate) with_parent: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Base URLs of the two registries the fleet registers with.
    #[arg(long = "registry", num_args = 1, default_values_t = ["http://127.0.0.1:8848/nacos".to_owned(), "http://127.0.0.1:8858/nacos".to_owned()])]
    pub(crate) registries: Vec<String>,
    /// Seed: the same seed is the same fleet.
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// Without its timeline: nothing happens unless the control API is asked.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Port of the control API on loopback; 0: any free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) control: u16,
    /// Services of the fleet.
    #[arg(long, default_value_t = 40)]
    pub(crate) services: usize,
    /// Instances of the fleet.
    #[arg(long, default_value_t = 300)]
    pub(crate) instances: usize,
    /// End when standard input ends.
    #[arg(long, hide = true)]
    pub(crate) with_parent: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,
    /// Where the store is kept, unless the settings say.
    #[arg(long, default_value = "pilothouse-data")]
    pub(crate) data_dir: PathBuf,
    /// The file to write. It must not exist.
    pub(crate) to: PathBuf,
}
