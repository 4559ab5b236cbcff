//! The UDP socket that pushes arrive on. A push is a hint and nothing more: its content is the consumers' view.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::super::wire::{ClientInstances, Datagram, acknowledgement};

/// The largest datagram there is.
const DATAGRAM: usize = 65_536;
/// Hints that may wait. When there are more, the sweep finds what they would have told.
const WAITING: usize = 4_096;

/// A service that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// `group@@name`, of any namespace.
    pub(super) service: String,
    /// What consumers are told, hashed.
    pub(super) content: u64,
}

/// The open socket. Dropping it closes it.
pub(super) struct Socket {
    /// Where servers send to.
    pub(super) address: SocketAddr,
    hints: mpsc::Receiver<Hint>,
    task: AbortHandle,
}

impl Socket {
    /// Opens it on `wanted`, or on every address of this machine where `wanted` is not one of its own (a mapped port).
    pub(super) async fn open(wanted: SocketAddr) -> io::Result<Self> {
        let socket = match UdpSocket::bind(wanted).await {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                let any: IpAddr = if wanted.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
                UdpSocket::bind((any, wanted.port())).await?
            }
            other => other?,
        };
        let address = SocketAddr::new(wanted.ip(), socket.local_addr()?.port());
        let (sender, hints) = mpsc::channel(WAITING);
        let task = tokio::spawn(receive(socket, sender)).abort_handle();
        Ok(Self { address, hints, task })
    }

    /// The next hint. Never ends while the socket is open.
    pub(super) async fn hint(&mut self) -> Hint {
        match self.hints.recv().await {
            Some(hint) => hint,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A hash of what consumers are told, in whatever order the hosts come.
pub(super) fn content(instances: &ClientInstances) -> u64 {
    instances.hosts.iter().fold(0, |sum, host| {
        let mut hasher = DefaultHasher::new();
        (&host.ip, host.port, host.cluster(), host.says_healthy(), host.weight.to_bits(), &host.metadata).hash(&mut hasher);
        sum.wrapping_add(hasher.finish())
    })
}

/// Reads and acknowledges until the receiver is gone. What cannot be read is passed over: anyone may send to a port.
async fn receive(socket: UdpSocket, hints: mpsc::Sender<Hint>) {
    let mut buffer = vec![0; DATAGRAM];
    loop {
        // An ICMP answer to one of our own datagrams shows up as an error of the next receive.
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else {
            tokio::task::yield_now().await;
            continue;
        };
        let Ok(datagram) = Datagram::read(&buffer[..length]) else { continue };
        let _ = socket.try_send_to(&acknowledgement(&datagram), from);
        let hint = Hint { content: content(&datagram.instances), service: datagram.service };
        if let Err(mpsc::error::TrySendError::Closed(_)) = hints.try_send(hint) {
            return;
        }
    }
}
