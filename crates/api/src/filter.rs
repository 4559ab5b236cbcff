//! Which services, in which order: parsed from a URL's query, applied in the server and in the browser alike.

use std::cmp::Reverse;
use std::fmt::{self, Display};

use pilothouse_model::{BeatVia, Liveness, RegistryId, ServiceId};

use crate::ServiceRow;

/// The filter of the Services page. Lists are alternatives; empty lists let everything through; different fields narrow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceFilter {
    /// Free text: every word must occur in name, namespace, group or registry, in any case. Parameter `q`.
    pub text: String,
    /// Parameter `state`: liveness slugs.
    pub states: Vec<Liveness>,
    /// Parameter `registry`.
    pub registries: Vec<RegistryId>,
    /// Parameter `namespace`.
    pub namespaces: Vec<String>,
    /// Parameter `zone`.
    pub zones: Vec<String>,
    /// Parameter `version`: a trailing `*` matches any rest.
    pub versions: Vec<String>,
    /// Parameter `via`: how instances prove alive.
    pub vias: Vec<BeatVia>,
    /// Parameter `healthy`: only services with fewer than this many percent healthy, 1 to 100.
    pub healthy_below: Option<u8>,
    /// Parameter `sort`.
    pub sort: ServiceSort,
}

/// Order of services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceSort {
    /// By registry, namespace, name. Slug `place`.
    #[default]
    Place,
    /// By liveness, the most alarming first, then by place. Slug `worst`.
    Worst,
    /// By name, then place. Slug `name`.
    Name,
    /// By share of healthy instances, lowest first. Slug `healthy`.
    Healthy,
    /// By latest change. Slug `latest`.
    Latest,
}

impl ServiceSort {
    /// Every order with its slug.
    pub const ALL: [(Self, &'static str); 5] =
        [(Self::Place, "place"), (Self::Worst, "worst"), (Self::Name, "name"), (Self::Healthy, "healthy"), (Self::Latest, "latest")];

    /// The word in the URL.
    #[must_use]
    pub fn slug(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// A parameter that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Which parameter.
    pub field: &'static str,
    /// What it held.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
}

impl Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a {}: {}", self.value, self.field, self.allowed)
    }
}

impl std::error::Error for FilterError {}

const VIAS: [(BeatVia, &str); 7] = [
    (BeatVia::Http, "http"),
    (BeatVia::Grpc, "grpc"),
    (BeatVia::Client, "client"),
    (BeatVia::Session, "session"),
    (BeatVia::Ttl, "ttl"),
    (BeatVia::Check, "check"),
    (BeatVia::Nothing, "nothing"),
];

impl ServiceFilter {
    /// Reads a filter from decoded query pairs. Parameters of others are passed over.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for (name, value) in pairs {
            let items = || value.split(',').map(str::trim).filter(|item| !item.is_empty());
            let error = |field, value: &str, allowed: String| FilterError { field, value: value.chars().take(80).collect(), allowed };
            match name {
                "q" => filter.text = value.to_owned(),
                "state" => {
                    for item in items() {
                        let all = || Liveness::ALL.map(Liveness::slug).join(", ");
                        filter.states.push(Liveness::from_slug(item).ok_or_else(|| error("state", item, all()))?);
                    }
                }
                "registry" => {
                    for item in items() {
                        filter.registries.push(item.parse().map_err(|_| error("registry", item, "a registry's id".into()))?);
                    }
                }
                "namespace" => filter.namespaces.extend(items().map(str::to_owned)),
                "zone" => filter.zones.extend(items().map(str::to_owned)),
                "version" => filter.versions.extend(items().map(str::to_owned)),
                "via" => {
                    for item in items() {
                        let found = VIAS.iter().find(|(_, slug)| *slug == item);
                        let all = || VIAS.map(|(_, slug)| slug).join(", ");
                        filter.vias.push(found.ok_or_else(|| error("via", item, all()))?.0);
                    }
                }
                "healthy" => {
                    let percent = value.parse().ok().filter(|n| (1..=100).contains(n));
                    filter.healthy_below = Some(percent.ok_or_else(|| error("healthy", value, "a percentage from 1 to 100".into()))?);
                }
                "sort" => {
                    let found = ServiceSort::ALL.iter().find(|(_, slug)| *slug == value);
                    let all = || ServiceSort::ALL.map(|(_, slug)| slug).join(", ");
                    filter.sort = found.ok_or_else(|| error("sort", value, all()))?.0;
                }
                _ => {}
            }
        }
        Ok(filter)
    }

    /// The filter as query pairs, not encoded, without defaults: what stands in the URL.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let slug = |via: &BeatVia| VIAS.iter().find(|(v, _)| v == via).map_or("", |(_, slug)| slug);
        let lists = [
            ("state", self.states.iter().map(|s| s.slug()).collect::<Vec<_>>().join(",")),
            ("registry", self.registries.iter().map(RegistryId::as_str).collect::<Vec<_>>().join(",")),
            ("namespace", self.namespaces.join(",")),
            ("zone", self.zones.join(",")),
            ("version", self.versions.join(",")),
            ("via", self.vias.iter().map(slug).collect::<Vec<_>>().join(",")),
            ("healthy", self.healthy_below.map_or_else(String::new, |n| n.to_string())),
            ("q", self.text.clone()),
            ("sort", if self.sort == ServiceSort::Place { String::new() } else { self.sort.slug().to_owned() }),
        ];
        lists.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Whether a service is let through.
    #[must_use]
    pub fn matches(&self, row: &ServiceRow) -> bool {
        let any = |list: &[String], value: &str| list.is_empty() || list.iter().any(|item| item == value);
        (self.states.is_empty() || self.states.contains(&row.liveness))
            && (self.registries.is_empty() || self.registries.contains(&row.registry))
            && any(&self.namespaces, row.namespace.as_str())
            && (self.zones.is_empty() || row.zones.iter().any(|zone| self.zones.contains(&zone.name)))
            && (self.versions.is_empty()
                || row.versions.iter().any(|v| self.versions.iter().any(|pattern| version_matches(pattern, &v.name))))
            && (self.vias.is_empty() || row.via.is_some_and(|via| self.vias.contains(&via)))
            && self
                .healthy_below
                .is_none_or(|percent| row.healthy.is_some_and(|h| u64::from(h) * 100 < u64::from(percent) * u64::from(row.total)))
            && self.text_matches(row)
    }

    fn text_matches(&self, row: &ServiceRow) -> bool {
        let fields = [&*row.name, row.namespace.as_str(), &*row.group, row.registry.as_str()];
        self.text.split_whitespace().all(|word| {
            let word = word.to_lowercase();
            fields.iter().any(|field| field.to_lowercase().contains(&word))
        })
    }

    /// Sorts rows as asked; ties are broken by place, then id, so that the order is total.
    pub fn sort<R: AsRef<ServiceRow>>(&self, rows: &mut [R]) {
        rows.sort_by(|a, b| {
            let (a, b) = (a.as_ref(), b.as_ref());
            let first = match self.sort {
                ServiceSort::Place => std::cmp::Ordering::Equal,
                ServiceSort::Worst => b.liveness.cmp(&a.liveness),
                ServiceSort::Name => a.name.cmp(&b.name),
                ServiceSort::Healthy => share(a).total_cmp(&share(b)),
                ServiceSort::Latest => Reverse(a.since).cmp(&Reverse(b.since)),
            };
            first.then_with(|| place(a).cmp(&place(b)))
        });
    }
}

impl AsRef<Self> for ServiceRow {
    fn as_ref(&self) -> &Self {
        self
    }
}

fn place(row: &ServiceRow) -> (&RegistryId, &str, &str, &str, ServiceId) {
    (&row.registry, row.namespace.as_str(), &row.name, &row.group, row.id)
}

/// Share of healthy instances; unknown sorts behind everything known.
fn share(row: &ServiceRow) -> f64 {
    match row.healthy {
        _ if row.total == 0 => 1.0,
        Some(healthy) => f64::from(healthy) / f64::from(row.total),
        None => 2.0,
    }
}

fn version_matches(pattern: &str, version: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => version.starts_with(start),
        None => version == pattern,
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Millis, Namespace, Scope, ServiceKey};
    use proptest::prelude::*;

    use super::*;
    use crate::SharePart;

    fn row(name: &str, liveness: Liveness, healthy: Option<u32>, total: u32) -> ServiceRow {
        let scope = Scope { registry: "nacos-a".parse().unwrap(), namespace: Namespace::new("prod"), group: "G".into() };
        let key = ServiceKey { scope, name: name.into() };
        ServiceRow {
            id: key.id(),
            registry: key.scope.registry,
            namespace: key.scope.namespace,
            group: key.scope.group,
            name: key.name,
            liveness,
            since: Millis(0),
            healthy,
            total,
            versions: vec![SharePart { name: "1.43.0".into(), count: 1, weight: 1.0 }],
            zones: vec![SharePart { name: "east-1a".into(), count: 1, weight: 1.0 }],
            via: Some(BeatVia::Http),
            interval_ms: Some(5000),
            history: vec![],
        }
    }

    fn parse(query: &[(&str, &str)]) -> Result<ServiceFilter, FilterError> {
        ServiceFilter::from_pairs(query.iter().copied())
    }

    #[test]
    fn every_field_narrows() {
        let checkout = row("checkout-api", Liveness::Late, Some(1), 4);
        for (pairs, expected) in [
            (&[("q", "CHECK prod")][..], true),
            (&[("q", "check staging")], false),
            (&[("state", "late,up")], true),
            (&[("state", "up")], false),
            (&[("registry", "nacos-a")], true),
            (&[("registry", "nacos-b")], false),
            (&[("version", "1.43.*")], true),
            (&[("version", "1.4")], false),
            (&[("zone", "east-1b")], false),
            (&[("healthy", "26")], true),
            (&[("healthy", "25")], false),
            (&[("via", "grpc")], false),
        ] {
            assert_eq!(parse(pairs).unwrap().matches(&checkout), expected, "{pairs:?}");
        }
    }

    #[test]
    fn nonsense_names_the_field_and_what_is_allowed() {
        for (pairs, field) in
            [([("state", "dead")], "state"), ([("healthy", "0")], "healthy"), ([("sort", "x")], "sort"), ([("via", "x")], "via")]
        {
            assert_eq!(parse(&pairs).unwrap_err().field, field);
        }
    }

    #[test]
    fn worst_comes_first_and_ties_keep_their_place() {
        let mut rows =
            vec![row("b", Liveness::Up, Some(1), 1), row("a", Liveness::Up, Some(1), 1), row("z", Liveness::Removed, Some(0), 1)];
        parse(&[("sort", "worst")]).unwrap().sort(&mut rows);
        assert_eq!(rows.iter().map(|r| &*r.name).collect::<Vec<_>>(), ["z", "a", "b"]);
    }

    proptest! {
        #[test]
        fn pairs_round_trip(states in proptest::collection::vec(0usize..9, 0..4), text in "[a-z ]{0,8}", zone in "[a-z0-9-]{0,6}", below in proptest::option::of(1u8..=100), sort in 0usize..5) {
            let filter = ServiceFilter {
                text,
                states: states.into_iter().map(|i| Liveness::ALL[i]).collect(),
                zones: if zone.is_empty() { vec![] } else { vec![zone] },
                healthy_below: below,
                sort: ServiceSort::ALL[sort].0,
                ..ServiceFilter::default()
            };
            let pairs = filter.to_pairs();
            prop_assert_eq!(ServiceFilter::from_pairs(pairs.iter().map(|(k, v)| (*k, v.as_str()))).unwrap(), filter);
        }
    }
}
