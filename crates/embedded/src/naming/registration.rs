//! What a client registers, and the periods it may set for itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Address, NamingError};

/// Key and value pairs. A value may be JSON `null`: Nacos keeps it.
pub(crate) type Metadata = BTreeMap<String, Option<String>>;

const INTERVAL: &str = "preserved.heart.beat.interval";
const TIMEOUT: &str = "preserved.heart.beat.timeout";
const DELETE: &str = "preserved.ip.delete.timeout";
const MAX_WEIGHT: f64 = 10_000.0;

/// An instance as its client describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Registration {
    pub(crate) address: Address,
    pub(crate) cluster: Arc<str>,
    /// 0 to 10,000.
    pub(crate) weight: f64,
    pub(crate) enabled: bool,
    pub(crate) healthy: bool,
    pub(crate) metadata: Metadata,
    /// Whether lists show an instance id: the v1 calls make one, the v2 calls don't.
    pub(crate) with_id: bool,
}

impl Registration {
    /// Refuses a weight out of range, an odd cluster name and periods that contradict each other.
    pub(crate) fn check(&self) -> Result<(), NamingError> {
        if !(0.0..=MAX_WEIGHT).contains(&self.weight) {
            return Err(NamingError::Weight);
        }
        if !self.cluster.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(NamingError::ClusterName(self.cluster.to_string()));
        }
        let periods = Periods::of(&self.metadata);
        if periods.unhealthy_after < periods.interval || periods.removed_after < periods.interval {
            return Err(NamingError::Periods);
        }
        Ok(())
    }
}

/// How often an instance says it will beat, and after how much silence it turns unhealthy and is removed. In ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Periods {
    pub(crate) interval: i64,
    pub(crate) unhealthy_after: i64,
    pub(crate) removed_after: i64,
}

impl Periods {
    pub(crate) const DEFAULT: Self = Self { interval: 5_000, unhealthy_after: 15_000, removed_after: 30_000 };

    /// The defaults, overridden by the `preserved.*` keys that hold a whole number of milliseconds.
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let period = |key: &str, default: i64| {
            let value = metadata.get(key).and_then(Option::as_deref).and_then(|text| text.trim().parse::<u32>().ok());
            value.map_or(default, i64::from)
        };
        Self {
            interval: period(INTERVAL, Self::DEFAULT.interval),
            unhealthy_after: period(TIMEOUT, Self::DEFAULT.unhealthy_after),
            removed_after: period(DELETE, Self::DEFAULT.removed_after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(weight: f64, cluster: &str, metadata: &[(&str, &str)]) -> Registration {
        Registration {
            address: Address::new("10.0.0.1", 80),
            cluster: cluster.into(),
            weight,
            enabled: true,
            healthy: true,
            metadata: metadata.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect(),
            with_id: true,
        }
    }

    #[test]
    fn what_a_client_may_register() {
        let ok = Ok(());
        for (case, expected) in [
            (registration(1.0, "DEFAULT", &[]), ok.clone()),
            (registration(0.0, "c-1", &[]), ok.clone()),
            (registration(10_000.0, "c-1", &[]), ok.clone()),
            (registration(10_001.0, "c-1", &[]), Err(NamingError::Weight)),
            (registration(-1.0, "c-1", &[]), Err(NamingError::Weight)),
            (registration(f64::NAN, "c-1", &[]), Err(NamingError::Weight)),
            (registration(1.0, "c_1", &[]), Err(NamingError::ClusterName("c_1".to_owned()))),
            (registration(1.0, "c", &[(TIMEOUT, "3000")]), Err(NamingError::Periods)),
            (registration(1.0, "c", &[(TIMEOUT, "3000"), (INTERVAL, "1000")]), ok.clone()),
            (registration(1.0, "c", &[(TIMEOUT, "soon")]), ok),
        ] {
            assert_eq!(case.check(), expected, "{case:?}");
        }
    }
}
