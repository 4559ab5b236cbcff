//! Everything durable as one value, and one change of it.

use serde::{Deserialize, Serialize};

use crate::config::{ConfigRecord, Configs};
use crate::namespace::{NamespaceRecord, Namespaces};
use crate::naming::{Naming, NamingRecord};

/// One durable change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Record {
    Naming(NamingRecord),
    Config(ConfigRecord),
    Namespace(NamespaceRecord),
}

/// What the records of a journal, applied in order, add up to.
#[derive(Debug, Default)]
pub(crate) struct Image {
    pub(crate) naming: Naming,
    pub(crate) configs: Configs,
    pub(crate) namespaces: Namespaces,
}

impl Image {
    /// Applies a record. `now` is when instances and edits in it count as last seen.
    pub(crate) fn apply(&mut self, record: Record, now: i64) {
        match record {
            Record::Naming(record) => self.naming.apply(record, now),
            Record::Config(record) => self.configs.apply(record),
            Record::Namespace(record) => self.namespaces.apply(record),
        }
    }

    /// The shortest list of records that add up to this.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record> {
        let naming = self.naming.records().map(Record::Naming);
        let configs = self.configs.records().map(Record::Config);
        let namespaces = self.namespaces.records().map(Record::Namespace);
        naming.chain(configs).chain(namespaces)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::{ConfigKey, Publish};
    use crate::naming::{Address, Definition, Edit, EditTarget, Metadata, Registration, ServiceKey};

    #[derive(Clone, Debug)]
    enum Step {
        Publish(u8, u8, bool),
        Delete(u8),
        StopBeta(u8),
        Register(u8, u16),
        Deregister(u8, u16),
        Edit(u8, u16, u8),
        Define(u8, u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        let (which, port) = (0_u8..3, 1_u16..4);
        prop_oneof![
            (which.clone(), any::<u8>(), any::<bool>()).prop_map(|(which, content, beta)| Step::Publish(which, content, beta)),
            which.clone().prop_map(Step::Delete),
            which.clone().prop_map(Step::StopBeta),
            (which.clone(), port.clone()).prop_map(|(which, port)| Step::Register(which, port)),
            (which.clone(), port.clone()).prop_map(|(which, port)| Step::Deregister(which, port)),
            (which.clone(), port, any::<u8>()).prop_map(|(which, port, weight)| Step::Edit(which, port, weight)),
            (which, any::<u8>()).prop_map(|(which, threshold)| Step::Define(which, threshold)),
        ]
    }

    fn decide(image: &mut Image, step: &Step, now: i64) -> Option<Record> {
        let config = |which: u8| ConfigKey::new("", "G", &format!("c{which}"));
        let service = |which: u8| ServiceKey::new("public", "G", &format!("s{which}"));
        let target = |port: u16| EditTarget { address: Address::new("10.0.0.1", port), cluster: "DEFAULT".into() };
        match *step {
            Step::Publish(which, content, beta) => {
                let content = format!("content {content}");
                let publish = Publish { content: &content, beta_ips: beta.then_some("10.0.0.5"), source_ip: "::1", ..Publish::default() };
                image.configs.publish(&config(which), &publish, now).ok().map(Record::Config)
            }
            Step::Delete(which) => image.configs.delete(&config(which), "::1", now).map(Record::Config),
            Step::StopBeta(which) => image.configs.stop_beta(&config(which), "::1", now).map(Record::Config),
            Step::Register(which, port) => {
                let EditTarget { address, cluster } = target(port);
                let registration =
                    Registration { address, cluster, weight: 1.0, enabled: true, healthy: true, metadata: Metadata::new(), with_id: true };
                let key = service(which);
                image.naming.reserve_persistent(&key, &registration, now).ok()?;
                Some(Record::Naming(NamingRecord::Instance { key, registration }))
            }
            Step::Deregister(which, port) => image.naming.deregister_persistent(&service(which), target(port)).map(Record::Naming),
            Step::Edit(which, port, weight) => {
                let edit = Edit { weight: f64::from(weight), ..Edit::default() };
                image.naming.edit(&service(which), target(port), edit).ok().map(Record::Naming)
            }
            Step::Define(which, threshold) => {
                let definition = Definition { protect_threshold: f32::from(threshold) / 256.0, metadata: Metadata::new() };
                image.naming.create_service(&service(which), false, definition).ok().map(Record::Naming)
            }
        }
    }

    fn of(records: impl Iterator<Item = Record>) -> Image {
        let mut image = Image::default();
        records.for_each(|record| image.apply(record, 0));
        image
    }

    proptest! {
        /// Replaying the journal gives the state it came from, and so does replaying its compaction.
        #[test]
        fn a_journal_and_its_compaction_say_the_same(steps in proptest::collection::vec(step(), 0..60)) {
            let mut live = Image::default();
            let mut journal = Vec::new();
            for (now, step) in steps.iter().enumerate() {
                if let Some(record) = decide(&mut live, step, now as i64) {
                    journal.push(record.clone());
                    live.apply(record, now as i64);
                }
            }
            let replayed = of(journal.into_iter());
            prop_assert_eq!(&replayed.configs, &live.configs);
            prop_assert_eq!(replayed.records().collect::<Vec<_>>(), live.records().collect::<Vec<_>>());
            let compacted = of(live.records());
            prop_assert_eq!(&compacted.configs, &live.configs);
            prop_assert_eq!(compacted.records().collect::<Vec<_>>(), live.records().collect::<Vec<_>>());
        }
    }
}
