//! Who says so, and from what: the words for a change and for a health.

use std::borrow::Cow;

use pilothouse_model::{Edited, Evidence, Liveness, RegistryKind};

use super::{Lang, amount};

/// A registry as the one who speaks.
pub(crate) fn who(lang: Lang, kind: Option<RegistryKind>) -> &'static str {
    match kind {
        Some(RegistryKind::Embedded) => lang.pick("embedded registry", "内嵌注册中心"),
        Some(kind) => kind.name(),
        None => lang.pick("the registry", "注册中心"),
    }
}

/// Who says so: a registry, this console, a person.
pub(crate) fn said_by(lang: Lang, evidence: &Evidence, kind: Option<RegistryKind>) -> String {
    let who = who(lang, kind);
    match evidence {
        Evidence::Registry => who.to_owned(),
        Evidence::FoundOnReturn => lang.pick(format!("{who}, on return"), format!("{who}，恢复后发现")),
        Evidence::BeatOverdue | Evidence::TooManyTransitions => lang.pick("this console, derived", "本控制台推断").to_owned(),
        Evidence::Freshness => lang.pick("this console", "本控制台").to_owned(),
        Evidence::Edited { by, .. } => by.clone(),
    }
}

/// What a change rests on, in a column of its own.
pub(crate) fn because(lang: Lang, evidence: &Evidence, from: Option<Liveness>, to: Liveness) -> Cow<'static, str> {
    let (english, chinese) = match (evidence, from, to) {
        (Evidence::Edited { change: Some(change), .. }, from, to) if from != Some(to) => {
            let edited = edited(lang, change);
            return lang.pick(format!("{edited}, read back"), format!("{edited}，已回读")).into();
        }
        (Evidence::BeatOverdue, ..) => ("a beat is overdue", "心跳逾期"),
        (Evidence::TooManyTransitions, ..) => ("4 or more changes in 10 min", "10 分钟内变化 4 次以上"),
        (Evidence::FoundOnReturn, ..) => ("happened while we could not look", "发生在无法观察期间"),
        (Evidence::Freshness, _, Liveness::Unknown) => ("no proof of life within its bound", "超过时效没有存活证明"),
        (Evidence::Freshness, ..) => ("it proves alive again", "重新给出存活证明"),
        (Evidence::Edited { .. }, ..) => ("changed through this console, read back", "经本控制台修改并回读"),
        (Evidence::Registry, None, _) => ("registered", "新注册"),
        (Evidence::Registry, _, Liveness::Up | Liveness::Returned) => ("beats again, or listed again", "恢复心跳或重新列出"),
        (Evidence::Registry, _, Liveness::Unhealthy) => ("its rule for silence ran out", "静默超过其规则"),
        (Evidence::Registry, _, Liveness::Removed) => ("listed no more", "不再列出"),
        (Evidence::Registry, _, Liveness::Drained) => ("disabled, weight 0, or deregistered", "被禁用、权重为 0 或已注销"),
        (Evidence::Registry, _, Liveness::Protected) => ("a protection rewrites its health", "保护机制改写健康状态"),
        (Evidence::Registry, _, Liveness::Late | Liveness::Flapping | Liveness::Unknown) => ("its view showed it", "由其视图得出"),
    };
    lang.pick(english, chinese).into()
}

/// What a person changed: `weight 1 → 0.5, taken out, team: blue → green`.
pub(crate) fn edited(lang: Lang, change: &Edited) -> String {
    let none = || lang.pick("none", "无").to_owned();
    let mut parts = Vec::new();
    if let (Some(from), Some(to)) = (change.from.weight, change.to.weight) {
        let (from, to) = (amount::decimal(from, 3), amount::decimal(to, 3));
        parts.push(lang.pick(format!("weight {from} → {to}"), format!("权重 {from} → {to}")));
    }
    if let Some(enabled) = change.to.enabled {
        let (english, chinese) = if enabled { ("taken in", "重新接收流量") } else { ("taken out", "摘除流量") };
        parts.push(lang.pick(english, chinese).to_owned());
    }
    if let (Some(from), Some(to)) = (&change.from.metadata, &change.to.metadata) {
        let keys: std::collections::BTreeSet<&String> = from.keys().chain(to.keys()).collect();
        let value = |of: &std::collections::BTreeMap<String, String>, key| of.get(key).cloned().unwrap_or_else(none);
        parts.extend(keys.into_iter().map(|key| format!("{key}: {} → {}", value(from, key), value(to, key))));
        if from.is_empty() && to.is_empty() {
            parts.push(lang.pick("metadata as it was", "元数据未变").to_owned());
        }
    }
    parts.join(lang.pick(", ", "，"))
}

/// One line of an instance's own history: `Nacos marked it unhealthy after 15 s`.
pub(crate) fn line(
    lang: Lang,
    evidence: &Evidence,
    from: Option<Liveness>,
    to: Liveness,
    kind: Option<RegistryKind>,
    unhealthy_after_ms: Option<i64>,
) -> String {
    let who = who(lang, kind);
    match (evidence, from, to) {
        (Evidence::Edited { by, .. }, _, to) => {
            let word = super::words::liveness(lang, to);
            lang.pick(format!("{by} changed it here: {word}"), format!("{by} 在此修改：{word}"))
        }
        (Evidence::BeatOverdue, ..) => lang.pick("a beat was due and did not come".into(), "应到的心跳没有来".into()),
        (Evidence::Registry, _, Liveness::Unhealthy) => match unhealthy_after_ms {
            Some(ms) => {
                let after = amount::rule(lang, ms);
                lang.pick(format!("{who} marked it unhealthy after {after}"), format!("{who} 在静默 {after}后判为不健康"))
            }
            None => lang.pick(format!("{who} marked it unhealthy"), format!("{who} 判为不健康")),
        },
        (Evidence::Registry, _, Liveness::Removed) => lang.pick(format!("{who} lists it no more"), format!("{who} 不再列出它")),
        (Evidence::Registry, None, _) => lang.pick(format!("{who} lists it"), format!("{who} 列出了它")),
        (Evidence::Registry, _, Liveness::Returned) => lang.pick("it came back".into(), "它回来了".into()),
        (Evidence::Registry, _, Liveness::Up) => lang.pick("it is well again".into(), "恢复正常".into()),
        (evidence, from, to) => {
            let word = super::words::liveness(lang, to);
            let because = because(lang, evidence, from, to);
            lang.pick(format!("{word}: {because}"), format!("{word}：{because}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::InstanceEdit;

    use super::*;

    #[test]
    fn an_edit_says_field_by_field_what_became_of_it() {
        let edit = |weight, enabled, pairs: &[(&str, &str)]| InstanceEdit {
            weight: Some(weight),
            enabled: Some(enabled),
            metadata: Some(pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()),
        };
        let change = Edited { from: edit(1.0, true, &[("team", "blue")]), to: edit(0.5, false, &[("rack", "6"), ("team", "green")]) };
        assert_eq!(edited(Lang::En, &change), "weight 1 → 0.5, taken out, rack: none → 6, team: blue → green");
    }

    #[test]
    fn a_derived_state_is_never_put_into_the_registrys_mouth() {
        let nacos = Some(RegistryKind::Nacos);
        assert_eq!(said_by(Lang::En, &Evidence::Registry, nacos), "Nacos");
        assert_eq!(said_by(Lang::En, &Evidence::BeatOverdue, nacos), "this console, derived");
        assert_eq!(said_by(Lang::En, &Evidence::Edited { by: "oncall-b".into(), change: None }, nacos), "oncall-b");
    }

    #[test]
    fn a_line_names_the_rule_where_it_is_told() {
        let line = |ms| line(Lang::En, &Evidence::Registry, Some(Liveness::Late), Liveness::Unhealthy, Some(RegistryKind::Nacos), ms);
        assert_eq!(line(Some(15_000)), "Nacos marked it unhealthy after 15 s");
        assert_eq!(line(None), "Nacos marked it unhealthy");
    }
}
