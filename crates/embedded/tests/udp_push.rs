//! Subscribers are told by UDP, at once.

mod served;

use std::io::Read;
use std::net::SocketAddr;
use std::time::Duration;

use flate2::read::GzDecoder;
use serde_json::Value;
use served::{Served, request};
use tokio::net::UdpSocket;

const JAVA: [(&str, &str); 1] = [("User-Agent", "Nacos-Java-Client:v1.4.6")];

struct Client {
    socket: UdpSocket,
    registry: SocketAddr,
}

impl Client {
    async fn subscribe(served: &Served, agent: &[(&str, &str)]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let path = format!("/nacos/v1/ns/instance/list?serviceName=orders&udpPort={port}&clientIP=127.0.0.1");
        request(served.address, "GET", &path, agent, "").await;
        Self { socket, registry: served.address }
    }

    /// The next datagram: its number, whether it was compressed, and the list in it. It is acknowledged.
    async fn next(&self) -> (bool, Value) {
        let mut buffer = vec![0; 65_536];
        let received = tokio::time::timeout(Duration::from_secs(5), self.socket.recv_from(&mut buffer));
        let (length, from) = received.await.expect("a datagram").unwrap();
        let compressed = buffer.starts_with(&[0x1f, 0x8b]);
        let text = if compressed {
            let mut text = String::new();
            GzDecoder::new(&buffer[..length]).read_to_string(&mut text).unwrap();
            text
        } else {
            String::from_utf8(buffer[..length].to_vec()).unwrap()
        };
        let push: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(push["type"], "dom");
        let ack = serde_json::json!({ "type": "push-ack", "lastRefTime": push["lastRefTime"], "data": "" });
        self.socket.send_to(ack.to_string().as_bytes(), from).await.unwrap();
        (compressed, serde_json::from_str(push["data"].as_str().unwrap()).unwrap())
    }

    /// Waits for a push that shows so many instances.
    async fn until(&self, hosts: usize) -> bool {
        loop {
            let (compressed, list) = self.next().await;
            assert_eq!(list["name"], "DEFAULT_GROUP@@orders");
            if list["hosts"].as_array().unwrap().len() == hosts {
                return compressed;
            }
        }
    }

    async fn register(&self, port: u16) {
        let form = format!("serviceName=orders&ip=10.0.0.1&port={port}");
        assert_eq!(request(self.registry, "POST", "/nacos/v1/ns/instance", &[], &form).await, "ok");
    }
}

#[tokio::test]
async fn a_subscriber_is_told_the_present_and_every_change() {
    let served = Served::start().await;
    let client = Client::subscribe(&served, &JAVA).await;
    client.until(0).await;
    client.register(1).await;
    assert!(!client.until(1).await, "small datagrams are plain");
    for port in 2..9 {
        client.register(port).await;
    }
    assert!(client.until(8).await, "large ones are compressed");
    let subscribers = served.get("/nacos/v1/ns/service/subscribers?serviceName=orders&pageNo=1&pageSize=9").await;
    let subscribers: Value = serde_json::from_str(&subscribers).unwrap();
    assert_eq!(subscribers["count"], 1);
    assert_eq!(subscribers["subscribers"][0]["agent"], JAVA[0].1);
    served.stop().await;
}

#[tokio::test]
async fn who_is_no_known_client_is_not_told() {
    let served = Served::start().await;
    let stranger = Client::subscribe(&served, &[("User-Agent", "curl/8")]).await;
    let known = Client::subscribe(&served, &JAVA).await;
    known.until(0).await;
    known.register(1).await;
    known.until(1).await;
    let mut buffer = [0; 16];
    assert!(stranger.socket.try_recv(&mut buffer).is_err(), "nothing was sent to it");
    served.stop().await;
}
