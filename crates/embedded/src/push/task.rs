//! The task that owns the UDP socket.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::datagram::{acknowledged, datagram};
use super::pending::Pending;
use super::{Audience, HostList, Subscriber};
use crate::core::Core;
use crate::naming::ServiceKey;

/// After a round of pushes the next waits this long, so that a burst of registrations does not become a burst of
/// datagrams. The first push of a quiet registry waits for nothing.
const PACE: Duration = Duration::from_millis(10);

/// Pushes until `shutdown`.
pub(crate) async fn run(core: Arc<Core>, socket: UdpSocket, shutdown: CancellationToken) {
    let mut pending = Pending::default();
    let mut last_number = 0;
    let mut buffer = [0; 2048];
    let mut ready_at = Instant::now();
    loop {
        let repeat_at = pending.next_due();
        let repeat = async {
            match repeat_at {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        let untold = async {
            sleep_until(ready_at).await;
            core.pushes.untold().await
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            received = socket.recv_from(&mut buffer) => match received {
                Ok((length, _)) => {
                    if let Some(number) = acknowledged(&buffer[..length]) {
                        pending.acknowledged(number);
                    }
                }
                // A port that is closed by now answers with an error here; a broken socket would, too, for ever.
                Err(error) => {
                    tracing::debug!(%error, "a push was not received");
                    sleep(PACE).await;
                }
            },
            () = repeat => {
                for (to, datagram) in pending.due(Instant::now()) {
                    log_failure(socket.send_to(&datagram, to).await, to);
                }
            }
            untold = untold => {
                for (key, audience) in untold {
                    for (to, list) in lists(&core, &key, &audience) {
                        last_number += 1;
                        let Some(datagram) = datagram(list, last_number) else { continue };
                        log_failure(socket.send_to(&datagram, to).await, to);
                        pending.sent(last_number, to, datagram, Instant::now());
                    }
                }
                ready_at = Instant::now() + PACE;
            }
        }
    }
}

fn lists(core: &Core, key: &ServiceKey, audience: &Audience) -> Vec<(SocketAddr, HostList)> {
    let wanted = |subscriber: &&Subscriber| match audience {
        Audience::All => true,
        Audience::Only(addresses) => addresses.contains(&subscriber.address.to_string()),
    };
    let mut by_clusters: HashMap<String, Vec<SocketAddr>> = HashMap::new();
    for subscriber in core.pushes.subscribers.lock().of(key).filter(wanted) {
        by_clusters.entry(subscriber.clusters.clone()).or_default().push(subscriber.address);
    }
    let now = core.now();
    let naming = core.naming.read();
    let addressed =
        by_clusters.into_iter().flat_map(|(clusters, addresses)| addresses.into_iter().map(move |address| (address, clusters.clone())));
    addressed.map(|(address, clusters)| (address, HostList::new(&naming, key, &clusters, false, now))).collect()
}

fn log_failure(sent: io::Result<usize>, to: SocketAddr) {
    if let Err(error) = sent {
        tracing::debug!(%error, %to, "a push could not be sent");
    }
}
