//! `pilothouse demo`.

use std::net::{IpAddr, Ipv4Addr};

use pilothouse_demo::{DemoSettings, FleetSize};

use super::say;
use crate::cli::DemoArgs;
use crate::{children, ports, shutdown};

/// Runs the fleet until a signal, or until the parent is gone.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let control = ports::listen(IpAddr::V4(Ipv4Addr::LOCALHOST), Some(args.control), 0).await?;
    say(children::Announcement { url: &format!("http://{}", control.local_addr()?) });
    let stop = shutdown::on_signal();
    if args.with_parent {
        children::stop_with_parent(&stop);
    }
    let size = FleetSize { services: args.services, instances: args.instances };
    let settings = DemoSettings { registries: args.registries, seed: args.seed, quiet: args.quiet, control: Some(control), size };
    pilothouse_demo::run(settings, stop).await?;
    Ok(())
}
