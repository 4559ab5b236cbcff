//! Measures a running console from outside: loads registries through their public APIs, opens streams, reads `/proc`. Prints the
//! figures as JSON on standard output, for `cargo xtask bench`. It must never link what it measures.

mod console;
mod figure;
mod load;
mod measures;
mod nacos;
mod peer;
mod process;
mod quantile;
mod sse;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Result;
use clap::{Parser, ValueEnum};

use self::figure::Figure;

/// What to measure, and on what.
#[derive(Debug, Parser)]
struct Arguments {
    /// The bench
    bench: Bench,
    /// The program to measure
    #[arg(long)]
    program: PathBuf,
    /// Its site
    #[arg(long)]
    site: PathBuf,
    /// For `nacos-push`: base URL of a real Nacos
    #[arg(long)]
    nacos: Option<String>,
    /// For `consul`: the program of a real Consul
    #[arg(long)]
    consul: Option<PathBuf>,
}

/// Every bench, one module each.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Bench {
    /// A registry accepts a change → every stream has its frame
    Latency,
    /// One frame to 1,000 streams, against a bare broadcast of the same bytes
    FanOut,
    /// Memory of an idle stream
    StreamMemory,
    /// First byte of a page with 100,000 instances known
    FirstByte,
    /// CPU of the console while nothing changes
    IdleCpu,
    /// Consul with 1,000 services: connections, latency
    Consul,
    /// A real Nacos: its own push beside our frame
    NacosPush,
    /// Not a bench: a bare axum server, the peer that others are compared with
    #[value(hide = true)]
    Peer,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    // The HTTP client asks for one even where it speaks plain HTTP alone.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| anyhow::anyhow!("two TLS providers"))?;
    let figures: Vec<Figure> = match arguments.bench {
        Bench::Latency => measures::latency::measure(&arguments).await?,
        Bench::FanOut => measures::fan_out::measure(&arguments).await?,
        Bench::StreamMemory => measures::stream_memory::measure(&arguments).await?,
        Bench::FirstByte => measures::first_byte::measure(&arguments).await?,
        Bench::IdleCpu => measures::idle_cpu::measure(&arguments).await?,
        Bench::Consul => measures::consul::measure(&arguments).await?,
        Bench::NacosPush => measures::nacos_push::measure(&arguments).await?,
        Bench::Peer => return peer::serve().await,
    };
    serde_json::to_writer(io::stdout().lock(), &figures)?;
    Ok(writeln!(io::stdout())?)
}
