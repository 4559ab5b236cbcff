//! Why serving ended badly.

use std::io;

use thiserror::Error;

/// Why a registry stopped serving.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The socket for pushes could not be opened beside the listener.
    #[error("cannot open the udp socket for pushes")]
    Push(#[source] io::Error),
    /// The listener failed.
    #[error("cannot serve http")]
    Http(#[source] io::Error),
}
