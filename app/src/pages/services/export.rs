//! The list as a file.

use std::borrow::Cow;

use leptos::prelude::*;
use pilothouse_api::{ServiceRow, SharePart};

use super::shown::Shown;
use crate::components::{csv, download};
use crate::i18n::moment;

/// Column names stay English: programs read them.
const HEAD: [&str; 12] =
    ["registry", "namespace", "group", "service", "state", "since", "healthy", "instances", "versions", "zones", "via", "interval_ms"];

/// Hands over every listed row, as it is now, seen through the freshness of its source.
pub(super) fn export(shown: Shown) {
    let rows = shown.rows();
    let now = shown.live.clock.now.get_untracked();
    let lines = untrack(|| rows.iter().map(|row| line(shown, row)).collect::<Vec<_>>());
    let name = format!("services-{}.csv", moment::iso(now).replace([':', '.'], "-"));
    download(&name, &csv(&HEAD, lines));
}

fn line(shown: Shown, row: &ServiceRow) -> Vec<Cow<'static, str>> {
    let parts = |parts: &[SharePart]| parts.iter().map(|part| format!("{}={}", part.name, part.count)).collect::<Vec<_>>().join(" ");
    let via = row.via.and_then(|via| serde_json::to_string(&via).ok()).map(|via| via.trim_matches('"').to_owned());
    vec![
        row.registry.to_string().into(),
        row.namespace.to_string().into(),
        row.group.to_string().into(),
        row.name.to_string().into(),
        shown.live.liveness(row).slug().into(),
        moment::iso(row.since).into(),
        shown.live.healthy(row).map_or_else(String::new, |healthy| healthy.to_string()).into(),
        row.total.to_string().into(),
        parts(&row.versions).into(),
        parts(&row.zones).into(),
        via.unwrap_or_default().into(),
        row.interval_ms.map_or_else(String::new, |ms| ms.to_string()).into(),
    ]
}
