//! `pilothouse serve`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use pilothouse_console::ports::{Clock, Ledger};
use pilothouse_console::{Console, Parts};
use pilothouse_hub::{Hub, HubConfig, HubParts};
use pilothouse_model::{Millis, RegistryKind};
use pilothouse_store::{Store, StoreConfig};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::say;
use crate::children::Supervised;
use crate::cli::ServeArgs;
use crate::clock::{RandomIds, SystemClock, epoch};
use crate::http::{AppState, OriginRules, Site};
use crate::settings::{RegistrySettings, Settings};
use crate::{connect, http, ports, settings, shutdown, telemetry};

const DEFAULT_PORT: u16 = 7070;
/// Ports of the demo's registries.
const DEMO_REGISTRIES: [(&str, &str, u16); 2] = [("nacos-east", "Nacos East", 8848), ("nacos-west", "Nacos West", 8858)];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How often old facts are dropped.
const RETENTION_EVERY: Duration = Duration::from_secs(60 * 60);

/// Serves until a signal.
pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let mut settings = settings::load(args.config.path().as_deref(), std::env::vars())?;
    telemetry::start(settings.log.format, &settings.log.level);
    let site = Site::open(&site_dir(args.site_dir.as_deref())?)?;
    std::fs::create_dir_all(&args.data_dir).with_context(|| format!("{} cannot be made", args.data_dir.display()))?;
    let listener = ports::listen(settings.server.bind, args.port.or(settings.server.port), DEFAULT_PORT).await?;
    let address = listener.local_addr()?;
    let stop = shutdown::on_signal();

    let children = if args.demo { start_demo(&args, &mut settings, &stop).await? } else { Vec::new() };
    let store_url = connect::store_url(&settings.store, &args.data_dir).context("store.url")?;
    let store = Arc::new(Store::open(StoreConfig::at(store_url)).await?);
    let (hub, console) = start_hub(&settings, &store).await?;
    let retention = spawn_retention(Arc::clone(&store), settings.store.retention_days, stop.clone());

    let base: Arc<str> = settings.server.base_path.as_str().into();
    let state = AppState {
        console,
        hub: hub.clone(),
        site: Arc::new(site),
        origin: Arc::new(OriginRules::new(settings.server.hosts.clone(), settings.server.trusted_proxies.clone())),
        metrics: Arc::default(),
        build: build().into(),
        base: Arc::clone(&base),
    };
    let url = format!("http://{address}{base}");
    if let Some(path) = &args.ports_file {
        write_ports(path, &url, &children)?;
    }
    for child in &children {
        tracing::info!(child = child.name, url = child.url, "started");
    }
    say(format_args!("Pilothouse: {url}"));

    let router = http::router::router(state);
    let serving = tokio::spawn(http::serve::serve(listener, router, stop.clone()));
    stop.cancelled().await;
    // Streams end first: a connection is over when its stream is.
    hub.end_streams();
    let (served, ()) = tokio::join!(serving, hub.stop());
    served.context("serving broke off")?;
    let _ = retention.await;
    store.close().await;
    Ok(())
}

async fn start_hub(settings: &Settings, store: &Arc<Store>) -> anyhow::Result<(Hub, Console)> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids = Arc::new(RandomIds);
    let registries: anyhow::Result<Vec<_>> = settings.registry.iter().map(connect::registry).collect();
    let parts = HubParts { ledger: Arc::clone(store) as _, clock: Arc::clone(&clock), ids: Arc::clone(&ids) as _ };
    let hub = Hub::start(HubConfig { build: build(), epoch: epoch() }, parts, registries?).await;
    let console = Console::new(Parts {
        fleet: hub.fleet(),
        operators: hub.operators(),
        ledger: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
        clock,
        ids,
    });
    Ok((hub, console))
}

/// Starts two registries and the fleet, and adds the registries to the settings.
async fn start_demo(args: &ServeArgs, settings: &mut Settings, stop: &CancellationToken) -> anyhow::Result<Vec<Supervised>> {
    let mut children = Vec::new();
    for (id, name, port) in DEMO_REGISTRIES {
        let data_dir = args.data_dir.join(id).display().to_string();
        let command = move |port: Option<u16>| {
            let mut command = vec!["registry".to_owned(), "--data-dir".into(), data_dir.clone()];
            command.extend(port.map(|port| format!("--port={port}")));
            command
        };
        // Ports chosen by a test must not meet those of a console that runs already.
        let first = if args.port == Some(0) { Some(0) } else { free_pair(port) };
        let again = {
            let command = command.clone();
            move |url: &str| command(port_of(url))
        };
        let child = Supervised::start(id, command(first), again, stop.clone()).await?;
        settings.registry.push(demo_registry(id, name, &child.url)?);
        children.push(child);
    }
    let mut command = vec!["demo".to_owned(), format!("--control={}", args.demo_control), format!("--seed={}", args.demo_seed)];
    command.extend(children.iter().map(|registry| format!("--registry={}", registry.url)));
    if args.demo_quiet {
        command.push("--quiet".into());
    }
    let again = {
        let command = command.clone();
        move |url: &str| {
            let mut command = command.clone();
            command[1] = format!("--control={}", port_of(url).unwrap_or_default());
            command
        }
    };
    children.push(Supervised::start("demo", command, again, stop.clone()).await?);
    Ok(children)
}

/// The child itself looks for the next free pair when it is not given a port; the first one differs by registry.
fn free_pair(port: u16) -> Option<u16> {
    let free = |port| std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).is_ok();
    (port..port + 100).step_by(20).find(|port| free(*port) && free(*port + 1000))
}

fn port_of(url: &str) -> Option<u16> {
    let authority = url.strip_prefix("http://")?.split('/').next()?;
    authority.parse::<SocketAddr>().ok().map(|address| address.port())
}

fn demo_registry(id: &str, name: &str, url: &str) -> anyhow::Result<RegistrySettings> {
    Ok(RegistrySettings {
        id: id.parse()?,
        name: Some(name.into()),
        kind: RegistryKind::Embedded,
        endpoints: vec![url.into()],
        namespaces: None,
        user: None,
        password: None,
        token: None,
        datacenter: None,
        plane: None,
        push_address: Some(std::net::Ipv4Addr::LOCALHOST.into()),
        ca: None,
        client_cert: None,
        client_key: None,
        freshness_ms: 15_000,
    })
}

/// Unless named: beside the program, where `cargo xtask dist` puts it, or beside the program's folder, where `cargo xtask run` does.
fn site_dir(asked: Option<&Path>) -> anyhow::Result<PathBuf> {
    match asked {
        Some(folder) => Ok(folder.into()),
        None => {
            let program = std::env::current_exe().context("the path of this program is not known; name --site-dir")?;
            let beside = |folder: Option<&Path>| folder.map(|folder| folder.with_file_name("site")).filter(|site| site.is_dir());
            Ok(beside(Some(&program)).or_else(|| beside(program.parent())).unwrap_or_else(|| program.with_file_name("site")))
        }
    }
}

/// Addresses and process ids of everything started, written whole or not at all.
fn write_ports(path: &Path, url: &str, children: &[Supervised]) -> anyhow::Result<()> {
    let (registries, others): (Vec<_>, Vec<_>) = children.iter().partition(|child| child.name != "demo");
    let registries: Vec<_> = registries.iter().map(|child| json!({ "id": child.name, "url": child.url, "pid": child.pid() })).collect();
    let demo = others.first().map(|child| json!({ "control": child.url, "pid": child.pid() }));
    let text = json!({ "console": url, "pid": std::process::id(), "registries": registries, "demo": demo }).to_string();
    let partial = path.with_extension("partial");
    std::fs::write(&partial, text)
        .and_then(|()| std::fs::rename(&partial, path))
        .with_context(|| format!("{} cannot be written", path.display()))
}

fn spawn_retention(store: Arc<Store>, days: u16, stop: CancellationToken) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut rounds = tokio::time::interval(RETENTION_EVERY);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = rounds.tick() => {}
            }
            let before: Millis = SystemClock.now() - i64::from(days) * DAY_MS;
            if let Err(error) = store.retain(before).await {
                tracing::warn!(%error, "old facts cannot be dropped");
            }
        }
    })
}

fn build() -> String {
    // Two builds of one version differ by the time of the program's file: enough for "reload".
    let stamp = std::env::current_exe().and_then(std::fs::metadata).and_then(|meta| meta.modified()).ok();
    let seconds = stamp.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_secs());
    format!("{}+{seconds:x}", env!("CARGO_PKG_VERSION"))
}
