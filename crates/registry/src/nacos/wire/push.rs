//! The datagrams of Nacos' UDP push.

use std::io::Read;

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ClientInstances;

/// The largest datagram after decompression, in bytes: a service of some ten thousand instances.
const LARGEST: u64 = 8 << 20;

/// One push: which service changed, and what consumers are told of it now. The namespace is not in it.
#[derive(Debug)]
pub(in super::super) struct Datagram {
    /// `group@@name`.
    pub(in super::super) service: String,
    /// The consumers' view.
    pub(in super::super) instances: ClientInstances,
    reference: Value,
}

/// Not a push of Nacos.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Unreadable;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outer {
    #[serde(default)]
    data: String,
    #[serde(default)]
    last_ref_time: Value,
}

#[derive(Deserialize)]
struct Inner {
    name: String,
    #[serde(flatten)]
    instances: ClientInstances,
}

impl Datagram {
    /// Reads a datagram, which is gzip when it was larger than 1 KB.
    pub(in super::super) fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut plain = Vec::new();
        let text = if bytes.starts_with(&[0x1f, 0x8b]) {
            GzDecoder::new(bytes).take(LARGEST).read_to_end(&mut plain).map_err(|_| Unreadable)?;
            plain.as_slice()
        } else {
            bytes
        };
        let outer: Outer = serde_json::from_slice(text).map_err(|_| Unreadable)?;
        let inner: Inner = serde_json::from_str(&outer.data).map_err(|_| Unreadable)?;
        Ok(Self { service: inner.name, instances: inner.instances, reference: outer.last_ref_time })
    }
}

/// What the server waits for; without it the push comes again after ten seconds.
pub(in super::super) fn acknowledgement(datagram: &Datagram) -> Vec<u8> {
    let reference = match &datagram.reference {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    json!({ "type": "push-ack", "lastRefTime": reference, "data": "" }).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A push of 2.5.1, shortened to one host.
    const PUSH: &str = r#"{"type":"dom","data":"{\"name\":\"DEFAULT_GROUP@@orders\",\"clusters\":\"\",\"cacheMillis\":10000,\"hosts\":[{\"instanceId\":\"10.0.0.1#8081#DEFAULT#DEFAULT_GROUP@@orders\",\"ip\":\"10.0.0.1\",\"port\":8081,\"weight\":1.0,\"healthy\":true,\"enabled\":true,\"ephemeral\":true,\"clusterName\":\"DEFAULT\",\"serviceName\":\"DEFAULT_GROUP@@orders\",\"metadata\":{},\"instanceHeartBeatInterval\":5000}],\"lastRefTime\":1795254248304,\"checksum\":\"\",\"allIPs\":false,\"reachProtectionThreshold\":false,\"valid\":true}","lastRefTime":4627782768216}"#;

    #[test]
    fn plain_and_compressed_say_the_same() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(PUSH.as_bytes()).unwrap();
        for bytes in [PUSH.as_bytes().to_vec(), gzip.finish().unwrap()] {
            let datagram = Datagram::read(&bytes).unwrap();
            assert_eq!((datagram.service.as_str(), datagram.instances.hosts.len()), ("DEFAULT_GROUP@@orders", 1));
            let acknowledged: Value = serde_json::from_slice(&acknowledgement(&datagram)).unwrap();
            assert_eq!(acknowledged, json!({ "type": "push-ack", "lastRefTime": "4627782768216", "data": "" }));
        }
    }

    #[test]
    fn anything_else_is_passed_over() {
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![b' '; 9 << 20]).unwrap();
        for bytes in
            [b"".to_vec(), b"hello".to_vec(), b"{}".to_vec(), vec![0x1f, 0x8b, 0, 0], br#"{"data":"{}"}"#.to_vec(), bomb.finish().unwrap()]
        {
            assert_eq!(Datagram::read(&bytes).unwrap_err(), Unreadable);
        }
    }
}
