//! What is sent: the client's list of the service, as JSON inside JSON, with gzip when it is large.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::naming::{Hosts, InstanceView, Naming, ServiceKey};

/// From this size on a datagram is compressed.
const COMPRESS_FROM: usize = 1024;
/// The most a UDP datagram holds.
const MAX_DATAGRAM: usize = 65_507;

/// The instances of a service as clients of v1 and v2 read them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HostList {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_name: Option<String>,
    clusters: String,
    cache_millis: u32,
    hosts: Vec<Arc<InstanceView>>,
    last_ref_time: i64,
    checksum: &'static str,
    #[serde(rename = "allIPs")]
    all_ips: bool,
    reach_protection_threshold: bool,
    valid: bool,
}

impl HostList {
    pub(crate) fn new(naming: &Naming, key: &ServiceKey, clusters: &str, healthy_only: bool, now: i64) -> Self {
        let wanted: Vec<&str> = clusters.split(',').map(str::trim).filter(|cluster| !cluster.is_empty()).collect();
        let Hosts { hosts, protected } = naming.hosts(key, &wanted, healthy_only);
        Self {
            name: key.grouped(),
            group_name: Some(key.group.to_string()),
            clusters: clusters.to_owned(),
            cache_millis: 10_000,
            hosts,
            last_ref_time: now,
            checksum: "",
            all_ips: false,
            reach_protection_threshold: protected,
            valid: true,
        }
    }
}

/// The datagram about a list, or `None` when even compressed it is too large: the client will poll.
pub(super) fn datagram(list: HostList, number: i64) -> Option<Vec<u8>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Push {
        r#type: &'static str,
        data: String,
        last_ref_time: i64,
    }
    let data = serde_json::to_string(&HostList { group_name: None, ..list }).ok()?;
    let plain = serde_json::to_vec(&Push { r#type: "dom", data, last_ref_time: number }).ok()?;
    let bytes = if plain.len() < COMPRESS_FROM {
        plain
    } else {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&plain).ok()?;
        encoder.finish().ok()?
    };
    (bytes.len() <= MAX_DATAGRAM).then_some(bytes)
}

/// The number that an acknowledgement names.
pub(super) fn acknowledged(datagram: &[u8]) -> Option<i64> {
    let ack: serde_json::Value = serde_json::from_slice(datagram).ok()?;
    let number = ack.get("lastRefTime")?;
    let is_ack = ack.get("type")?.as_str()? == "push-ack";
    // The npm client sends the number as a string.
    number.as_i64().or_else(|| number.as_str()?.parse().ok()).filter(|_| is_ack)
}

#[cfg(test)]
mod tests {
    use super::acknowledged;

    #[test]
    fn what_counts_as_an_acknowledgement() {
        for (datagram, expected) in [
            (r#"{"type":"push-ack","lastRefTime":12,"data":""}"#, Some(12)),
            (r#"{"type":"push-ack","lastRefTime":"12","data":""}"#, Some(12)),
            (r#"{"type":"dom","lastRefTime":12}"#, None),
            (r#"{"type":"push-ack"}"#, None),
            ("nonsense", None),
        ] {
            assert_eq!(acknowledged(datagram.as_bytes()), expected, "{datagram}");
        }
    }
}
