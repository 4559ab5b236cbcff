//! Choosing where to listen: the wanted port, or the next free one when it was not asked for by name.

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpListener;

/// How many ports are tried.
const TRIES: u16 = 50;
/// The port that a Nacos client expects for gRPC, above the HTTP port.
const GRPC_OFFSET: u16 = 1000;

/// Listens on `asked`, or on `default` or the next free port when nothing was asked for.
pub(crate) async fn listen(address: IpAddr, asked: Option<u16>, default: u16) -> io::Result<TcpListener> {
    if let Some(port) = asked {
        return TcpListener::bind(SocketAddr::new(address, port)).await.map_err(|error| taken(error, port));
    }
    let mut last = None;
    for port in default..default.saturating_add(TRIES) {
        match TcpListener::bind(SocketAddr::new(address, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(taken(error, port)),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::from(io::ErrorKind::AddrInUse)))
}

/// A port for a registry, and the one 1000 above held with it so that nobody else takes it.
pub(crate) async fn listen_pair(address: IpAddr, asked: Option<u16>, default: u16) -> io::Result<(TcpListener, TcpListener)> {
    let wanted: Vec<u16> = match asked {
        Some(0) => vec![0; usize::from(TRIES)],
        Some(port) => vec![port],
        None => (default..default.saturating_add(TRIES)).step_by(2).collect(),
    };
    let mut last = None;
    for port in wanted {
        let first = match TcpListener::bind(SocketAddr::new(address, port)).await {
            Ok(listener) => listener,
            Err(error) => {
                last = Some(taken(error, port));
                continue;
            }
        };
        let second = first.local_addr()?.port().checked_add(GRPC_OFFSET).ok_or(io::ErrorKind::AddrInUse);
        let second = match second {
            Ok(port) => TcpListener::bind(SocketAddr::new(address, port)).await.map_err(|error| taken(error, port)),
            Err(kind) => Err(kind.into()),
        };
        match second {
            Ok(second) => return Ok((first, second)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::from(io::ErrorKind::AddrInUse)))
}

fn taken(error: io::Error, port: u16) -> io::Error {
    match error.kind() {
        io::ErrorKind::AddrInUse => io::Error::new(error.kind(), format!("port {port} is taken by another program")),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[tokio::test]
    async fn a_taken_port_is_an_error_when_named_and_passed_over_when_not() {
        let held = listen(LOOPBACK, Some(0), 0).await.unwrap();
        let port = held.local_addr().unwrap().port();
        let error = listen(LOOPBACK, Some(port), 0).await.unwrap_err();
        assert!(error.to_string().contains(&port.to_string()), "{error}");
        assert_ne!(listen(LOOPBACK, None, port).await.unwrap().local_addr().unwrap().port(), port);
    }

    #[tokio::test]
    async fn a_registry_holds_the_port_a_thousand_above() {
        let (http, grpc) = listen_pair(LOOPBACK, Some(0), 0).await.unwrap();
        assert_eq!(http.local_addr().unwrap().port() + 1000, grpc.local_addr().unwrap().port());
    }
}
