//! How records lie in the file: after a header, frames of length, checksum and JSON.

use serde_json::Error;
use xxhash_rust::xxh3::xxh3_64;

use super::Record;

/// The first bytes of a journal; the digit is the version of the format.
pub(super) const HEADER: &[u8; 16] = b"pilothouse-reg 1";
/// Length (u32) and checksum (u64), little endian.
const PREFIX: usize = 12;
/// No record is larger: a content of 10 MiB, escaped, with room to spare.
pub(super) const MAX_RECORD: usize = 80 * 1024 * 1024;

/// Appends a record as one frame. Gives back its size when it is too large, and then appends nothing.
pub(super) fn encode(record: &Record, out: &mut Vec<u8>) -> Result<(), usize> {
    let start = out.len();
    out.extend_from_slice(&[0; PREFIX]);
    // The records hold strings, numbers and maps with string keys: they always serialise.
    serde_json::to_writer(&mut *out, record).expect("a record is representable as JSON");
    let payload = out.len() - start - PREFIX;
    let Some(length) = u32::try_from(payload).ok().filter(|_| payload <= MAX_RECORD) else {
        out.truncate(start);
        return Err(payload);
    };
    let checksum = xxh3_64(&out[start + PREFIX..]);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + PREFIX].copy_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// What lies at the beginning of some bytes.
#[derive(Debug)]
pub(super) enum Frame {
    /// A record, and how many bytes it took.
    Record(Box<Record>, usize),
    /// Nothing more.
    End,
    /// Bytes that are no whole frame with a good checksum.
    Torn,
    /// A whole frame with a good checksum that says nothing we know.
    Unknown(Error),
}

/// Reads the frame at the beginning of `bytes`.
pub(super) fn decode(bytes: &[u8]) -> Frame {
    if bytes.is_empty() {
        return Frame::End;
    }
    let Some((prefix, rest)) = bytes.split_at_checked(PREFIX) else { return Frame::Torn };
    let (length, checksum) = prefix.split_at(4);
    let length = length.iter().rev().fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
    let checksum = checksum.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    // A length of nothing is what a hole of zeros in a file looks like.
    let Some(payload) = rest.get(..length).filter(|payload| !payload.is_empty() && length <= MAX_RECORD) else { return Frame::Torn };
    if xxh3_64(payload) != checksum {
        return Frame::Torn;
    }
    match serde_json::from_slice(payload) {
        Ok(record) => Frame::Record(Box::new(record), PREFIX + length),
        Err(source) => Frame::Unknown(source),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::{ConfigKey, ConfigRecord};
    use crate::namespace::{Namespace, NamespaceRecord};
    use crate::naming::{Address, Definition, Edit, EditTarget, NamingRecord, Registration, ServiceKey};

    fn text() -> impl Strategy<Value = String> {
        proptest::string::string_regex("[a-z@%\\\\\"\u{1}日🚀]{0,12}").unwrap()
    }

    fn record() -> impl Strategy<Value = Record> {
        let metadata = || proptest::collection::btree_map(text(), proptest::option::of(text()), 0..4);
        let key = || (text(), text(), text()).prop_map(|(namespace, group, name)| ServiceKey::new(&namespace, &group, &name));
        let target = || {
            (text(), any::<u16>(), text())
                .prop_map(|(ip, port, cluster)| EditTarget { address: Address::new(&ip, port), cluster: cluster.into() })
        };
        prop_oneof![
            (key(), any::<bool>(), 0.0_f32..2.0, metadata()).prop_map(|(key, ephemeral, protect_threshold, metadata)| {
                Record::Naming(NamingRecord::Service { key, ephemeral, definition: Definition { protect_threshold, metadata } })
            }),
            (key(), target(), 0.0_f64..10_000.0, any::<bool>(), metadata()).prop_map(|(key, target, weight, flag, metadata)| {
                let EditTarget { address, cluster } = target;
                let registration = Registration { address, cluster, weight, enabled: flag, healthy: !flag, metadata, with_id: flag };
                Record::Naming(NamingRecord::Instance { key, registration })
            }),
            (key(), target(), 0.0_f64..10_000.0, any::<bool>(), metadata()).prop_map(|(key, target, weight, enabled, metadata)| {
                Record::Naming(NamingRecord::Edited { key, target, edit: Edit { weight, enabled, metadata } })
            }),
            (text(), text(), text(), any::<u64>()).prop_map(|(tenant, group, data_id, row)| {
                let key = ConfigKey::new(&tenant, &group, &data_id);
                Record::Config(ConfigRecord::Deleted { key, row, source_ip: group, at: -1 })
            }),
            (text(), text(), proptest::option::of(text())).prop_map(|(id, name, description)| {
                Record::Namespace(NamespaceRecord::Put { of: Namespace { id, name, description } })
            }),
        ]
    }

    fn read(bytes: &[u8]) -> (Vec<Record>, usize) {
        let (mut records, mut at) = (Vec::new(), 0);
        while let Frame::Record(record, size) = decode(&bytes[at..]) {
            records.push(*record);
            at += size;
        }
        (records, at)
    }

    proptest! {
        /// Wherever a file is cut, the records before the cut are read and nothing else.
        #[test]
        fn a_cut_file_holds_a_prefix(records in proptest::collection::vec(record(), 1..6), cut in any::<prop::sample::Index>()) {
            let mut bytes = Vec::new();
            let mut ends = vec![0];
            for record in &records {
                encode(record, &mut bytes).unwrap();
                ends.push(bytes.len());
            }
            prop_assert_eq!(read(&bytes), (records.clone(), bytes.len()));
            let cut = cut.index(bytes.len());
            let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
            prop_assert_eq!(read(&bytes[..cut]), (records[..whole].to_vec(), ends[whole]));
        }

        /// A changed byte ends the reading at the record it is in, or before it.
        #[test]
        fn a_changed_byte_is_noticed(records in proptest::collection::vec(record(), 1..4), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let mut bytes = Vec::new();
            for record in &records {
                encode(record, &mut bytes).unwrap();
            }
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let (read, end) = read(&bytes);
            prop_assert!(end <= at && read.len() < records.len());
            prop_assert_eq!(&read[..], &records[..read.len()]);
        }
    }

    #[test]
    fn a_hole_of_zeros_is_no_record() {
        assert!(matches!(decode(&[0; 64]), Frame::Torn));
    }
}
