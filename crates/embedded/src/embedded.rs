//! The registry as a whole: opened from a folder, served on a listener.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::core::Core;
use crate::error::ServeError;
use crate::persist::{Journal, OpenError};
use crate::{http, push, sweep};

/// How long requests in flight may take to end after shutdown began.
const DRAIN: Duration = Duration::from_millis(800);

/// Where a registry keeps what it must not lose, and the time it lives by.
#[derive(Clone, Debug)]
pub struct EmbeddedConfig {
    /// A folder of its own; made if it is not there.
    pub data_dir: PathBuf,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// An opened registry. A clone is the same registry.
#[derive(Clone, Debug)]
pub struct Embedded {
    core: Arc<Core>,
}

impl Embedded {
    /// Opens the data folder and reads what it holds.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use by another process, or holds a journal that cannot be read.
    pub fn open(config: EmbeddedConfig) -> Result<Self, OpenError> {
        let EmbeddedConfig { data_dir, clock } = config;
        let (journal, image) = Journal::open(&data_dir, clock.now_ms())?;
        Ok(Self { core: Arc::new(Core::new(clock, journal, image)) })
    }

    /// The HTTP interface under `/nacos`, without a listener, sweeps or pushes: for tests.
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.core), CancellationToken::new())
    }

    /// Ages instances to the clock's now, as a served registry does every five seconds by itself.
    pub async fn sweep(&self) {
        sweep::once(&self.core).await;
    }

    /// Serves until `shutdown`, then ends the held requests and returns within a second.
    ///
    /// # Errors
    /// When the UDP socket for pushes cannot be opened on the listener's address, or the listener fails.
    pub async fn serve(self, listener: TcpListener, shutdown: CancellationToken) -> Result<(), ServeError> {
        let address = listener.local_addr().map_err(ServeError::Http)?;
        let socket = UdpSocket::bind((address.ip(), 0)).await.map_err(ServeError::Push)?;
        // It is set once: a second `serve` of a clone keeps the first address in its answers.
        let _ = self.core.address.set(address);
        let stop = shutdown.child_token();
        let mut tasks = JoinSet::new();
        tasks.spawn(push::run(Arc::clone(&self.core), socket, stop.clone()));
        tasks.spawn(sweep::run(Arc::clone(&self.core), stop.clone()));
        let served = http::serve(http::router(self.core, stop.clone()), listener, stop.clone(), DRAIN).await;
        stop.cancel();
        while tasks.join_next().await.is_some() {}
        served.map_err(ServeError::Http)
    }
}
