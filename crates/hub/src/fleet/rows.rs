//! Rows of the pages, made from states.

use std::collections::BTreeMap;

use pilothouse_api::{HISTORY_MS, HistoryStep, InstanceRow, ServiceRow, SharePart, Step};
use pilothouse_model::{Evidence, Instance, Liveness, Millis};
use pilothouse_pulse::{through, worst};

use super::RegistryState;
use super::service::{InstanceState, ServiceState};

const MAX_VERSIONS: usize = 4;
const MAX_ZONES: usize = 6;

/// The row of an instance, seen through its source.
pub(super) fn instance_row(state: &InstanceState, registry: &RegistryState, now: Millis) -> InstanceRow {
    let freshness = registry.freshness();
    let told = state.pulse.liveness().unwrap_or(Liveness::Unknown);
    let mut instance = state.instance.clone();
    instance.health = instance.health.seen_through(freshness);
    let liveness = if state.gone.is_some() { told } else { through(freshness, told) };
    let stale_since = registry.stale_spans.back().filter(|(_, end)| end.is_none()).map(|(start, _)| *start);
    let since = match (liveness, stale_since) {
        (Liveness::Unknown, Some(start)) if told != Liveness::Unknown => start,
        _ => state.pulse.since().unwrap_or(now),
    };
    InstanceRow { id: instance.key.id(), instance, liveness, since, gone: state.gone, history: history(state, registry, now) }
}

/// The last hour of an instance, with the spans in which its source was stale laid over: nobody knew then.
fn history(state: &InstanceState, registry: &RegistryState, now: Millis) -> Vec<HistoryStep> {
    let from = now - HISTORY_MS;
    let plain = state.pulse.steps().filter(|(at, ..)| *at >= from);
    let mut steps: Vec<HistoryStep> = plain
        .map(|(at, from, to, evidence)| HistoryStep { step: Step { at: *at, from: *from, to: *to }, evidence: evidence.clone() })
        .collect();
    for (start, end) in &registry.stale_spans {
        let told_at = |moment: Millis| {
            let before = state.pulse.steps().rev().find(|(at, ..)| *at <= moment).map(|(_, _, to, _)| *to);
            before.or_else(|| state.pulse.steps().next().and_then(|(_, from, ..)| *from)).or(state.pulse.liveness())
        };
        if state.gone.is_some_and(|gone| gone < *start) {
            continue;
        }
        let start = (*start).max(from);
        let step = Step { at: start, from: told_at(start - 1), to: Liveness::Unknown };
        steps.push(HistoryStep { step, evidence: Evidence::Freshness });
        if let Some(end) = end.filter(|end| *end > from)
            && let Some(to) = told_at(end)
        {
            steps.retain(|known| known.step.to == Liveness::Unknown || known.step.at < start || known.step.at > end);
            steps.push(HistoryStep { step: Step { at: end, from: Some(Liveness::Unknown), to }, evidence: Evidence::Freshness });
        }
    }
    steps.sort_by_key(|step| step.step.at);
    steps
}

/// The row of a service, without `since` and `history`, which depend on the row before.
pub(super) fn service_row(state: &ServiceState, registry: &RegistryState) -> ServiceRow {
    let freshness = registry.freshness();
    let listed = || state.instances.values().filter(|instance| instance.gone.is_none());
    let in_rotation = |instance: &Instance| instance.enabled && instance.weight > 0.0;
    let healthy = listed().filter(|i| in_rotation(&i.instance) && i.instance.health.healthy() == Some(true)).count();
    let liveness = worst(state.instances.values().filter_map(|instance| instance.pulse.liveness()));
    let beats = || listed().map(|i| &i.instance.heartbeat);
    ServiceRow {
        liveness: through(freshness, liveness),
        healthy: freshness.is_live().then(|| u32::try_from(healthy).unwrap_or(u32::MAX)),
        total: u32::try_from(listed().count()).unwrap_or(u32::MAX),
        versions: shares(listed().map(|i| (i.instance.version(), in_rotation(&i.instance), i.instance.weight)), true, MAX_VERSIONS),
        zones: shares(listed().map(|i| (i.instance.zone(), in_rotation(&i.instance), i.instance.weight)), false, MAX_ZONES),
        via: same(beats().map(|beat| beat.via)),
        interval_ms: same(beats().map(|beat| beat.interval_ms)).flatten(),
        ..ServiceRow::clone(&state.row)
    }
}

fn shares<'a>(parts: impl Iterator<Item = (Option<&'a str>, bool, f64)>, most_first: bool, limit: usize) -> Vec<SharePart> {
    let mut by_name: BTreeMap<&str, (u32, f64)> = BTreeMap::new();
    for (name, in_rotation, weight) in parts {
        let Some(name) = name else { continue };
        let (count, sum) = by_name.entry(name).or_default();
        *count += 1;
        *sum += if in_rotation { weight } else { 0.0 };
    }
    let mut shares: Vec<_> =
        by_name.into_iter().map(|(name, (count, weight))| SharePart { name: name.to_owned(), count, weight }).collect();
    if most_first {
        shares.sort_by_key(|share| std::cmp::Reverse(share.count));
    }
    shares.truncate(limit);
    shares
}

fn same<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// An instance as the ledger keeps it: beats are no facts.
pub(super) fn without_beat(instance: &Instance) -> Instance {
    let mut instance = instance.clone();
    instance.heartbeat.last = None;
    instance
}
