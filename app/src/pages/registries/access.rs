//! The last error as it came, what our credentials are worth, how much of the registry we see, and what it can do.

use leptos::prelude::*;
use pilothouse_api::RegistryRow;
use pilothouse_model::{BeatSource, Freshness, Login};

use super::Page;
use crate::components::{Exact, Glyph, changing, icon_small, status_chip};
use crate::i18n::amount;
use crate::i18n::registries::{problem, texts};
use crate::view::view;

/// The last error, verbatim. Kept after a recovery.
pub(super) fn last_error(page: Page, row: &RegistryRow) -> AnyView {
    let t = texts(page.lang);
    let failures = (row.failures > 0).then(|| format!(", {}", (t.times)(row.failures)));
    let (sub, body) = match row.last_error.clone() {
        Some((at, error)) => {
            let age = changing(move || (t.verbatim)(&amount::span(page.lang, page.live.now().since(at))));
            (view! { {age}{failures} }, view! { <pre class="verb" tabindex="0">{error}</pre> })
        }
        None => (().into_any(), view! { <p class="dim">{t.no_error}</p> }),
    };
    view! {
        <section class="pane">
            <header>
                <h2>{t.last_error}</h2>
                <span class="sub">{sub}</span>
            </header>
            <div class="body">{body}</div>
        </section>
    }
}

/// Login, limits, and the view that is shown.
pub(super) fn access(page: Page, row: &RegistryRow, freshness: Freshness) -> AnyView {
    let t = texts(page.lang);
    let login = match &row.source.login {
        Login::None => view! { <dd>{t.none_needed}</dd> },
        Login::Refused { why } => {
            let text = format!("{}: {why}", t.refused);
            view! { <dd>{status_chip("unhealthy", Glyph::Unhealthy, text)}</dd> }
        }
        Login::Accepted { as_user, expires } => {
            let expires = *expires;
            let left = changing(move || match expires {
                Some(at) => (t.in_time)(&amount::span(page.lang, at.since(page.live.now()))),
                None => t.never.to_owned(),
            });
            view! { <dd>{as_user.clone()}</dd><dt>{t.expires}</dt><dd>{left}</dd> }
        }
    };
    let limits = row.source.problems.iter().map(|limit| {
        view! { <li data-status="late"><span class="tint">{icon_small(Glyph::Warn)}</span>{problem(page.lang, limit)}</li> }
    });
    let limits = if row.source.problems.is_empty() {
        view! { <dd class="dim">{t.no_limits}</dd> }
    } else {
        view! { <dd><ul class="limits">{limits.collect_view()}</ul></dd> }
    };
    let proof = match freshness {
        Freshness::Live { proof: at } | Freshness::Stale { since: at } => Some(at),
        Freshness::Never => row.view_of,
    };
    let view_of = changing(move || match proof {
        Some(of) => {
            let at = Exact::Second.dated(of, page.live.now(), page.chosen.offset(of));
            (t.view_of)(&at, &amount::age(page.lang, page.live.now().since(of)))
        }
        None => t.no_view.to_owned(),
    });
    let lag = row.lag_p95_ms.map(|lag| view! { <dt>{t.lag}</dt><dd>{(t.lag_what)(&amount::latency(page.lang, lag))}</dd> });
    let connections = row.source.connections.map(|n| view! { <dt>{t.connections}</dt><dd>{amount::count(n)}</dd> });
    let answers = row.source.answers.as_ref().map(|answers| {
        let heard = answers.last_contact_ms.map(|ms| (t.heard)(&amount::latency(page.lang, ms as f64)));
        let leader = answers.known_leader.map(|known| (t.leader)(known).to_owned());
        let said = [answers.consistency.clone(), leader, heard].into_iter().flatten().collect::<Vec<_>>();
        view! { <dt>{t.answers_say}</dt><dd>{said.join(page.lang.pick(", ", "，"))}</dd> }
    });
    view! {
        <section class="pane">
            <header>
                <h2>{t.access}</h2>
            </header>
            <div class="body">
                <dl class="facts">
                    <dt>{t.login}</dt>
                    {login}
                    <dt>{t.limits}</dt>
                    {limits}
                    <dt>{t.view}</dt>
                    <dd>{view_of}</dd>
                    <dt>{t.freshness_bound}</dt>
                    <dd>{amount::rule(page.lang, row.bound_ms)}</dd>
                    {lag}
                    {connections}
                    {answers}
                </dl>
            </div>
        </section>
    }
}

/// What the registry can do; what it cannot is offered nowhere.
pub(super) fn capabilities(page: Page, row: &RegistryRow) -> AnyView {
    let t = texts(page.lang);
    let (instances, configs) = (row.capabilities.instances, row.capabilities.configs);
    let all = [
        (t.can_beats, row.capabilities.beats != BeatSource::Never),
        (t.can_unhealthy, row.capabilities.unhealthy_phase),
        (t.can_weight, instances.weight),
        (t.can_enabled, instances.enabled),
        (t.can_metadata, instances.metadata),
        (t.can_deregister, instances.deregister),
        (t.can_read_configs, configs.read),
        (t.can_write_configs, configs.write),
        (t.can_history, configs.history),
        (t.can_listeners, configs.listeners),
        (t.can_beta, configs.beta),
    ];
    let items = all.into_iter().map(|(what, able)| {
        let (status, glyph, word) = if able { ("up", Glyph::Up, t.able) } else { ("unknown", Glyph::Minus, t.unable) };
        view! {
            <li>
                <span data-status=status class="tint">
                    {icon_small(glyph)}
                </span>
                <span class:dim=!able>{what}</span>
                <span class="sr">{word}</span>
            </li>
        }
    });
    view! {
        <section class="pane">
            <header>
                <h2>{t.capabilities}</h2>
            </header>
            <ul class="body caps">{items.collect_view()}</ul>
        </section>
    }
}
