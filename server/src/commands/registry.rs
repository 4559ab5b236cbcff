//! `pilothouse registry`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use anyhow::Context;
use pilothouse_embedded::{Embedded, EmbeddedConfig, SystemClock};

use super::say;
use crate::cli::RegistryArgs;
use crate::{children, ports, shutdown};

/// First port tried when none is asked for.
const DEFAULT_PORT: u16 = 8848;

/// Serves the embedded registry on loopback until a signal, or until the parent is gone.
pub(crate) async fn run(args: RegistryArgs) -> anyhow::Result<()> {
    let (listener, held) = ports::listen_pair(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port, DEFAULT_PORT).await?;
    let url = format!("http://{}/nacos", listener.local_addr()?);
    let data_dir = args.data_dir;
    let registry = tokio::task::spawn_blocking(move || Embedded::open(EmbeddedConfig { data_dir, clock: Arc::new(SystemClock) }))
        .await
        .context("opening the registry broke off")??;
    say(children::Announcement { url: &url });
    let stop = shutdown::on_signal();
    if args.with_parent {
        children::stop_with_parent(&stop);
    }
    registry.serve(listener, stop).await?;
    drop(held);
    Ok(())
}
