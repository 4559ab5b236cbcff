//! Subscriptions to the UDP push of Nacos.
//!
//! A server pushes to `udpPort` and `clientIP` of whoever asked for the consumers' list with a known client's name. All
//! subscriptions of one address live as long as any of them was renewed within 30 s, on the server that was asked.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use pilothouse_model::ServiceKey;
use tokio::time::Instant;

use super::super::names::{grouped, naming_namespace};
use super::super::session::Session;
use super::super::wire::ClientInstances;
use super::socket::{Hint, Socket, content};
use crate::RegistryError;
use crate::transport::Ask;

/// Only clients that are known to Nacos get pushes.
const AGENT: &str = "Nacos-Java-Client:v2.3.2";
/// The push that follows a subscription by itself comes within this.
const ECHO: Duration = Duration::from_secs(5);

/// The subscriptions of one watch.
pub(super) struct Push {
    socket: Socket,
    subscribed: HashMap<ServiceKey, Subscription>,
    /// A push names group and service, not the namespace.
    by_name: HashMap<String, Vec<ServiceKey>>,
    /// The endpoint that holds the subscriptions.
    endpoint: Option<usize>,
    /// Whether anything ever arrived: a network may swallow UDP.
    proven: bool,
}

struct Subscription {
    /// What the echo of a new subscription will say, and until when it is expected.
    echo: Option<(u64, Instant)>,
    renewed: Instant,
}

/// A server's answer to a subscription.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subscribed {
    pub(super) endpoint: usize,
    pub(super) hosts: usize,
    pub(super) protected: bool,
    content: u64,
}

impl Push {
    pub(super) async fn open(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::open(address).await?;
        Ok(Self { socket, subscribed: HashMap::new(), by_name: HashMap::new(), endpoint: None, proven: false })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.socket.address
    }

    /// Whether pushes arrive.
    pub(super) fn is_proven(&self) -> bool {
        self.proven
    }

    /// The next hint, as it came.
    pub(super) async fn hint(&mut self) -> Hint {
        self.socket.hint().await
    }

    /// Which services a hint speaks of; none when it is the echo of a subscription.
    pub(super) fn take(&mut self, hint: &Hint, now: Instant) -> Vec<ServiceKey> {
        self.proven = true;
        let Some(keys) = self.by_name.get(&hint.service) else { return Vec::new() };
        for key in keys {
            let echo = self
                .subscribed
                .get_mut(key)
                .and_then(|subscription| subscription.echo.take_if(|(content, until)| *content == hint.content && now < *until));
            if echo.is_some() {
                return Vec::new();
            }
        }
        keys.clone()
    }

    /// Remembers a subscription. `false`: another server took it, so those of the others are gone.
    pub(super) fn subscribed(&mut self, key: &ServiceKey, answer: Subscribed, now: Instant) -> bool {
        let moved = self.endpoint.is_some_and(|endpoint| endpoint != answer.endpoint);
        if moved {
            self.subscribed.clear();
        }
        self.endpoint = Some(answer.endpoint);
        let echo = (!self.subscribed.contains_key(key)).then_some((answer.content, now + ECHO));
        self.subscribed.insert(key.clone(), Subscription { echo, renewed: now });
        let keys = self.by_name.entry(grouped(key)).or_default();
        if !keys.contains(key) {
            keys.push(key.clone());
        }
        !moved
    }

    pub(super) fn is_subscribed(&self, key: &ServiceKey) -> bool {
        self.subscribed.contains_key(key)
    }

    /// The service whose subscription was renewed the longest ago, among those that are there.
    pub(super) fn to_renew<'a>(&self, there: impl Iterator<Item = &'a ServiceKey>) -> Option<ServiceKey> {
        there.filter_map(|key| self.subscribed.get(key).map(|subscription| (subscription.renewed, key))).min().map(|(_, key)| key.clone())
    }
}

/// Subscribes, or renews. `None`: this server does not push.
pub(super) async fn subscribe(session: &Session, key: &ServiceKey, address: SocketAddr) -> Result<Option<Subscribed>, RegistryError> {
    let ask = Ask::get("/v1/ns/instance/list", format!("the push of {}", grouped(key)))
        .header("User-Agent", AGENT)
        .header("Client-Version", AGENT)
        .query("namespaceId", naming_namespace(&key.scope.namespace))
        .query("serviceName", grouped(key))
        .query("clusters", "")
        .query("healthyOnly", "false")
        .query("app", "pilothouse")
        .query("clientIP", address.ip().to_string())
        .query("udpPort", address.port().to_string());
    let answer = session.ask(ask).await?;
    if matches!(answer.status, 400 | 403 | 404 | 410 | 501) {
        return Ok(None);
    }
    let endpoint = answer.index;
    let list: ClientInstances = answer.ok()?.json()?;
    Ok(Some(Subscribed { endpoint, hosts: list.hosts.len(), protected: list.reach_protection_threshold, content: content(&list) }))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use pilothouse_model::{Namespace, Scope};

    use super::*;

    fn key(namespace: &str) -> ServiceKey {
        let scope = Scope { registry: "r".parse().unwrap(), namespace: Namespace::new(namespace), group: "g".into() };
        ServiceKey { scope, name: "a".into() }
    }

    fn hint(content: u64) -> Hint {
        Hint { service: "g@@a".into(), content }
    }

    fn answer(endpoint: usize) -> Subscribed {
        Subscribed { endpoint, hosts: 1, protected: false, content: 7 }
    }

    async fn open() -> Push {
        Push::open((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap()
    }

    #[tokio::test]
    async fn the_echo_of_a_subscription_is_no_hint_but_proves_that_pushes_arrive() {
        let (mut push, now) = (open().await, Instant::now());
        assert!(push.subscribed(&key(""), answer(0), now));
        assert!(!push.is_proven());
        assert_eq!(push.take(&hint(7), now), []);
        assert!(push.is_proven());
        assert_eq!(push.take(&hint(7), now), [key("")], "the second time it is news: it was something else in between");
    }

    #[tokio::test]
    async fn another_content_or_a_late_one_is_news() {
        let (mut push, now) = (open().await, Instant::now());
        push.subscribed(&key(""), answer(0), now);
        assert_eq!(push.take(&hint(8), now), [key("")]);
        assert_eq!(push.take(&hint(7), now + ECHO), [key("")]);
        assert_eq!(push.take(&Hint { service: "g@@other".into(), content: 1 }, now), [], "never asked for");
    }

    #[tokio::test]
    async fn a_hint_names_no_namespace_so_it_means_each() {
        let (mut push, now) = (open().await, Instant::now());
        push.subscribed(&key(""), answer(0), now);
        push.subscribed(&key("dev"), answer(0), now);
        assert_eq!(push.take(&hint(8), now), [key(""), key("dev")]);
    }

    #[tokio::test]
    async fn another_server_holds_none_of_the_old_subscriptions() {
        let (mut push, now) = (open().await, Instant::now());
        push.subscribed(&key(""), answer(0), now);
        assert!(!push.subscribed(&key("dev"), answer(1), now));
        assert!(push.is_subscribed(&key("dev")) && !push.is_subscribed(&key("")));
    }

    #[tokio::test]
    async fn services_take_turns_in_renewing() {
        let (mut push, now) = (open().await, Instant::now());
        let keys = [key(""), key("dev")];
        push.subscribed(&keys[0], answer(0), now);
        push.subscribed(&keys[1], answer(0), now + ECHO);
        assert_eq!(push.to_renew(keys.iter()).as_ref(), Some(&keys[0]));
        push.subscribed(&keys[0], answer(0), now + ECHO * 2);
        assert_eq!(push.to_renew(keys.iter()).as_ref(), Some(&keys[1]));
        assert_eq!(push.to_renew(keys[..1].iter()).as_ref(), Some(&keys[0]), "those that are gone have no turn");
    }
}
