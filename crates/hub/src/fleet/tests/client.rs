//! What a browser does with frames: snapshots replace, deltas lay over.

use std::collections::BTreeMap;

use bytes::Bytes;
use pilothouse_api::{Body, Frame, HorizonBucket, HorizonMark, RegistryRow, ServiceAnswer, ServiceRow, Totals};
use pilothouse_model::{Millis, RegistryId, ServiceId};

/// Everything a browser holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Client {
    pub(super) services: BTreeMap<ServiceId, ServiceRow>,
    pub(super) registries: BTreeMap<RegistryId, RegistryRow>,
    pub(super) totals: Totals,
    pub(super) answers: BTreeMap<ServiceId, Option<ServiceAnswer>>,
    pub(super) buckets: BTreeMap<Millis, HorizonBucket>,
    pub(super) marks: Vec<HorizonMark>,
}

impl Client {
    pub(super) fn snapshot(&mut self, frame: Frame) {
        match &frame.body {
            Body::Services { .. } => self.services.clear(),
            Body::Registries { .. } => self.registries.clear(),
            Body::Horizon { .. } => {
                self.buckets.clear();
                self.marks.clear();
            }
            _ => {}
        }
        self.delta(frame);
    }

    pub(super) fn delta(&mut self, frame: Frame) {
        match frame.body {
            Body::Totals { totals } => self.totals = totals,
            Body::Registries { upsert } => {
                for mut row in upsert {
                    // Minutes of the hour are laid over one by one; the comparison leaves them out.
                    row.hour.clear();
                    self.registries.insert(row.id.clone(), row);
                }
            }
            Body::Services { upsert, remove } => {
                self.services.extend(upsert.into_iter().map(|row| (row.id, row)));
                for id in remove {
                    self.services.remove(&id);
                }
            }
            Body::Service { answer } => {
                if let pilothouse_api::Topic::Service(id) = frame.topic {
                    let answer = answer.map(|mut answer| {
                        answer.now = Millis(0);
                        *answer
                    });
                    self.answers.insert(id, answer);
                }
            }
            Body::Horizon { horizon } => {
                self.buckets.extend(horizon.buckets.into_iter().map(|bucket| (bucket.minute, bucket)));
                self.marks.extend(horizon.marks);
            }
            Body::TooMany { .. } | Body::Ledger { .. } => {}
        }
    }

    /// Reads a frame off the wire.
    pub(super) fn wire(&mut self, wire: &Bytes) {
        let text = std::str::from_utf8(wire).unwrap();
        let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        self.delta(serde_json::from_str(data).unwrap());
    }
}
