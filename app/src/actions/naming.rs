//! What a dialog names: the instances it touches and where they live, and what stays in rotation afterwards.

use leptos::prelude::*;
use pilothouse_model::Scope;

use super::ask::{Action, Ask};
use super::change::Change;
use super::notes::{After, after};
use crate::components::{Glyph, icon};
use crate::distinct::distinct;
use crate::i18n::actions::{Texts, texts};
use crate::i18n::{Lang, amount};
use crate::view::view;

/// Verb and object.
pub(super) fn title(ask: &Ask, t: &Texts) -> String {
    let what = match &ask.targets[..] {
        [one] => one.row.instance.address(),
        many => (t.instances)(many.len()),
    };
    let service = match ask.only_place() {
        Some(place) => place.service.name.to_string(),
        None => (t.services)(ask.by_service().count()),
    };
    let title = match ask.action {
        Action::Weight => t.weight_title,
        Action::Drain => t.drain_title,
        Action::Restore => t.restore_title,
        Action::Metadata => t.metadata_title,
        Action::Deregister => t.deregister_title,
    };
    title(&what, &service)
}

/// Registry, service, instances, as they are named there.
pub(super) fn facts(ask: &Ask, lang: Lang) -> impl IntoView + use<> {
    let t = texts(lang);
    let places = distinct(ask.by_service().map(|targets| place_of(&targets[0].place.service.scope)));
    let services = distinct(ask.by_service().map(|targets| &*targets[0].place.service.name));
    let list = |names: Vec<&str>| names.join(lang.pick(", ", "、"));
    let (label, names) = match &ask.targets[..] {
        [one] => (t.instance, one.row.instance.address()),
        many => (t.targets, many.iter().map(|target| target.row.instance.address()).collect::<Vec<_>>().join(", ")),
    };
    let version = match &ask.targets[..] {
        [one] => one.row.instance.version().map(str::to_owned),
        _ => None,
    };
    let version = version.map(|version| view! { <dt>{t.version}</dt><dd class="mono">{version}</dd> });
    let now = match (&ask.targets[..], ask.action) {
        ([one], Action::Weight | Action::Restore) => {
            let instance = &one.row.instance;
            let state = if instance.enabled { t.enabled } else { t.disabled };
            Some(format!("{} {}, {state}", t.weight, amount::decimal(instance.weight, 3)))
        }
        _ => None,
    };
    let now = now.map(|now| view! { <dt>{t.now}</dt><dd>{now}</dd> });
    view! {
        <dl class="facts">
            <dt>{t.registry}</dt>
            <dd>{list(places.iter().map(String::as_str).collect())}</dd>
            <dt>{t.service}</dt>
            <dd>{list(services.into_iter().collect())}</dd>
            <dt>{label}</dt>
            <dd class="mono">{names}</dd>
            {version}
            {now}
        </dl>
    }
}

fn place_of(scope: &Scope) -> String {
    let group = if scope.group.is_empty() { String::new() } else { format!(" / {}", scope.group) };
    format!("{} / {}{group}", scope.registry, scope.namespace)
}

/// What stays in rotation after `change`; nothing for metadata, which does not touch it.
pub(super) fn after_line(ask: &Ask, change: &Change, lang: Lang) -> Option<AnyView> {
    let t = texts(lang);
    if ask.action == Action::Metadata {
        return None;
    }
    let After { in_rotation, total, protected } = after(ask, change);
    let count = amount::of(lang, in_rotation as i64, total as i64);
    let threshold = ask.only_place().and_then(|place| place.threshold).filter(|threshold| *threshold > 0.0).map(|threshold| {
        let text = (t.threshold)(&amount::decimal(threshold, 2));
        view! { {lang.pick(", ", "，")}{text} }
    });
    let warning = protected.then(|| view! { <p class="chip" data-status="protected">{icon(Glyph::Protected)}{t.protection_starts}</p> });
    Some(view! {
        <dl class="facts">
            <dt>{t.after_it}</dt>
            <dd>
                <b class="strong">{(t.stay)(&count)}</b>
                {threshold}
            </dd>
        </dl>
        {warning}
    })
}
