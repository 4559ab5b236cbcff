//! Beside the instances: how weight is split, what other registries say, and which rules are in force.

use leptos::prelude::*;
use pilothouse_api::{InstanceRow, ServiceRow, SharePart};

use super::figures;
use super::page::Page;
use crate::components::{Part, chip, kind, percent, split_bar, swatch};
use crate::distinct::distinct;
use crate::i18n::service::texts;
use crate::i18n::{amount, words};
use crate::place;
use crate::view::view;

/// Parts that are listed; the rest is in the bar alone.
const LISTED: usize = 8;

/// The side.
pub(super) fn side(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    view! {
        {move || {
            let names = page.versions.get();
            let parts = page.seen.with(|seen| figures::split_by(&seen.instances, |row: &InstanceRow| row.instance.version()));
            split(page, t.versions, &parts, |name| names.iter().position(|other| other == name).unwrap_or(names.len()))
        }}
        {move || {
            let mut parts = page.seen.with(|seen| figures::split_by(&seen.instances, |row: &InstanceRow| row.instance.zone()));
            parts.sort_by(|a, b| a.name.cmp(&b.name));
            let names: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
            split(page, t.zones, &parts, |name| names.iter().position(|other| other == name).unwrap_or_default())
        }}
        {move || elsewhere(page)}
        {move || rules(page)}
    }
}

/// A bar of weights and the table of it. `place` gives each name its colour.
fn split(page: Page, title: &'static str, parts: &[SharePart], place: impl Fn(&str) -> usize) -> Option<AnyView> {
    let t = texts(page.lang);
    let told = parts.iter().any(|part| !part.name.is_empty());
    if !told {
        return None;
    }
    let whole: f64 = parts.iter().map(|part| part.weight).sum();
    let name = |part: &SharePart| if part.name.is_empty() { t.unnamed.to_owned() } else { part.name.clone() };
    let said: Vec<String> = parts.iter().map(|part| (t.takes)(&name(part), percent(part.weight, whole))).collect();
    let pieces: Vec<Part> = parts.iter().map(|part| Part { fill: place(&part.name), size: part.weight }).collect();
    let rows = parts.iter().take(LISTED).map(|part| {
        view! {
            <tr>
                <td class="fills">
                    <span class="row tight">
                        {swatch(place(&part.name))}
                        <span class="mono cut">{name(part)}</span>
                    </span>
                </td>
                <td class="num sub">{amount::count(part.count)}" "{t.inst}</td>
                <td class="num sub">{amount::decimal(part.weight, 2)}</td>
                <td class="num strong">{percent(part.weight, whole)}" %"</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let pane = view! {
        <section class="pane">
            <header>
                <h2>{title}</h2>
                <span class="sub">{t.by_weight}</span>
            </header>
            <div class="body">
                {split_bar(&pieces, said.join(page.lang.pick(", ", "，")))}
                <table class="table plain flush">
                    <thead class="sr">
                        <tr>
                            <th scope="col">{title}</th>
                            <th scope="col">{t.instances}</th>
                            <th scope="col">{t.weight}</th>
                            <th scope="col">{t.share}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    };
    Some(pane.into_any())
}

/// What every registry that knows a service of this name says; nothing when only this one does.
fn elsewhere(page: Page) -> Option<AnyView> {
    let t = texts(page.lang);
    page.seen.with(|seen| {
        if seen.elsewhere.is_empty() {
            return None;
        }
        let says = |row: &ServiceRow| (page.live.liveness(row), page.live.healthy(row));
        let here = (seen.row.liveness, seen.row.healthy, seen.row.total);
        let differs = |row: &&ServiceRow| {
            let (liveness, healthy) = says(row);
            (liveness, healthy, row.total) != here
        };
        let different = seen.elsewhere.iter().filter(differs).count();
        let line = |row: &ServiceRow, own: bool| {
            let (liveness, healthy) = if own { (here.0, here.1) } else { says(row) };
            let healthy = healthy.map_or_else(|| "?".to_owned(), amount::count);
            // The namespace is named where it is another one than this service's.
            let same = row.namespace == seen.row.namespace;
            let name = if same { row.registry.to_string() } else { format!("{} / {}", row.registry, row.namespace) };
            let name = if own {
                view! { <span class="cut">{name}</span> }
            } else {
                view! { <a class="cut" href=place::service(row)>{name}</a> }
            };
            view! {
                <tr>
                    <td class="fills">
                        <span class="row tight">{kind(page.kind_of(&row.registry))}{name}</span>
                    </td>
                    <td class="num">{healthy}" / "{amount::count(row.total)}</td>
                    <td class="num">{chip(page.lang, liveness)}</td>
                </tr>
            }
        };
        let own = line(&seen.row, true);
        let others = seen.elsewhere.iter().map(|row| line(row, false)).collect_view();
        let disagree = (different > 0).then(|| view! { <p class="body dim said">{(t.disagree)(different, seen.elsewhere.len())}</p> });
        let pane = view! {
            <section class="pane">
                <header>
                    <h2>{t.elsewhere}</h2>
                </header>
                <table class="table">
                    <caption class="sr">{t.elsewhere_caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t.registry}</th>
                            <th scope="col" class="num">
                                {t.healthy}
                            </th>
                            <th scope="col" class="num">
                                {t.says}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{own}{others}</tbody>
                </table>
                {disagree}
            </section>
        };
        Some(pane.into_any())
    })
}

fn rules(page: Page) -> impl IntoView {
    let t = texts(page.lang);
    page.seen.with(|seen| {
        let service = seen.service.as_ref();
        let at_work = service.is_some_and(|service| service.protection.is_some());
        let threshold = service.and_then(|service| service.protect_threshold).map(|threshold| {
            let text = match figures::healthy_share(&seen.instances) {
                _ if threshold <= 0.0 => t.threshold_off.to_owned(),
                Some((healthy, all)) if all > 0 => {
                    let now = amount::decimal(healthy as f64 / all as f64, 2);
                    (t.threshold_now)(&amount::decimal(threshold, 2), &now, at_work)
                }
                _ => amount::decimal(threshold, 2),
            };
            let status = if at_work { "protected" } else { "neutral" };
            view! { <dt>{t.protect_threshold}</dt><dd data-status=status class:tint=at_work>{text}</dd> }
        });
        let via = figures::same(&seen.instances, |row| row.instance.heartbeat.via);
        let interval = figures::same(&seen.instances, |row| row.instance.heartbeat.interval_ms).flatten();
        let beats = via.map(|via| {
            let interval = interval.map(|ms| format!("{}{}", page.lang.pick(", ", "，"), amount::rule(page.lang, ms)));
            format!("{}{}", words::via_choice(page.lang, via), interval.unwrap_or_default())
        });
        let kinds = distinct(seen.instances.iter().filter(|row| row.gone.is_none()).map(|row| row.instance.ephemeral));
        let ephemeral = match kinds.into_iter().collect::<Vec<_>>()[..] {
            [Some(true)] => Some(t.ephemeral),
            [Some(false)] => Some(t.persistent),
            [Some(false), Some(true)] => Some(t.mixed),
            [] => service.and_then(|service| service.ephemeral).map(|flag| if flag { t.ephemeral } else { t.persistent }),
            _ => Some(t.not_told),
        };
        let written = service.map(|service| service.metadata.clone()).unwrap_or_default();
        let written = (!written.is_empty()).then(|| {
            let pairs = written.into_iter().map(|(key, value)| view! { <dt>{key}</dt><dd>{value}</dd> }).collect_view();
            view! {
                <h3 class="label">{t.service_metadata}</h3>
                <dl class="facts mono">{pairs}</dl>
            }
        });
        view! {
            <section class="pane">
                <header>
                    <h2>{t.rules}</h2>
                </header>
                <div class="body">
                    <dl class="facts">
                        {threshold}
                        {beats.map(|beats| view! { <dt>{t.beats_over}</dt><dd>{beats}</dd> })}
                        {ephemeral.map(|word| view! { <dt>{t.kind_of_instances}</dt><dd>{word}</dd> })}
                    </dl>
                    {written}
                </div>
            </section>
        }
    })
}
