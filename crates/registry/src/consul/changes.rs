//! Which services to read again, from two lists that say only that something changed.

use std::collections::{BTreeMap, BTreeSet};

use super::wire::{Check, Services};

/// What the catalog listed last.
#[derive(Default)]
pub(super) struct Catalog {
    services: BTreeMap<String, BTreeSet<String>>,
}

/// What differs between two lists of services.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CatalogChange {
    /// New, or with other tags.
    pub(super) changed: BTreeSet<String>,
    /// Not there any more.
    pub(super) gone: BTreeSet<String>,
}

impl Catalog {
    pub(super) fn take(&mut self, listed: Services) -> CatalogChange {
        let listed: BTreeMap<String, BTreeSet<String>> =
            listed.into_iter().map(|(name, tags)| (name, tags.unwrap_or_default().into_iter().collect())).collect();
        let changed = listed.iter().filter(|(name, tags)| self.services.get(*name) != Some(tags)).map(|(name, _)| name.clone()).collect();
        let gone = self.services.keys().filter(|name| !listed.contains_key(*name)).cloned().collect();
        self.services = listed;
        CatalogChange { changed, gone }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.services.contains_key(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.services.keys()
    }
}

/// The checks that are critical.
#[derive(Default)]
pub(super) struct Criticals {
    checks: BTreeMap<(String, String), Subject>,
}

/// Whose health a check is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// Every instance on a node.
    Node(String),
    /// The instances of a service (of one, really; it is read whole).
    Service(String),
}

impl Criticals {
    /// Takes a list; returns whose checks became critical or ceased to be.
    pub(super) fn take(&mut self, listed: Vec<Check>) -> BTreeSet<Subject> {
        let listed: BTreeMap<_, _> = listed
            .into_iter()
            .map(|check| {
                let subject =
                    if check.service_id.is_empty() { Subject::Node(check.node.clone()) } else { Subject::Service(check.service_name) };
                ((check.node, check.check_id), subject)
            })
            .collect();
        let entered = listed.iter().filter(|(id, _)| !self.checks.contains_key(*id));
        let left = self.checks.iter().filter(|(id, _)| !listed.contains_key(*id));
        let subjects = entered.chain(left).map(|(_, subject)| subject.clone()).collect();
        self.checks = listed;
        subjects
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_catalog_change_names_what_changed() {
        let mut catalog = Catalog::default();
        let mut take = |services: serde_json::Value| {
            let CatalogChange { changed, gone } = catalog.take(serde_json::from_value(services).unwrap());
            (changed.into_iter().collect::<Vec<_>>().join(" "), gone.into_iter().collect::<Vec<_>>().join(" "))
        };
        assert_eq!(take(json!({ "consul": [], "web": ["a", "b"] })), ("consul web".into(), String::new()));
        assert_eq!(take(json!({ "consul": null, "web": ["b", "a"] })), (String::new(), String::new()));
        assert_eq!(take(json!({ "api": [], "web": ["b"] })), ("api web".into(), "consul".into()));
    }

    #[test]
    fn critical_checks_name_whom_they_concern() {
        let mut criticals = Criticals::default();
        let check = |node: &str, id: &str, service: &str| json!({ "Node": node, "CheckID": id, "Status": "critical", "ServiceID": service, "ServiceName": service });
        let mut take = |checks: serde_json::Value| criticals.take(serde_json::from_value(checks).unwrap()).into_iter().collect::<Vec<_>>();
        let (node, web) = (|| Subject::Node("n1".into()), || Subject::Service("web".into()));
        assert_eq!(take(json!([check("n1", "serfHealth", "")])), [node()]);
        assert_eq!(take(json!([check("n1", "serfHealth", ""), check("n2", "c", "web")])), [web()]);
        assert_eq!(take(json!([check("n1", "serfHealth", ""), check("n2", "c", "web")])), []);
        assert_eq!(take(json!([])), [node(), web()]);
    }
}
