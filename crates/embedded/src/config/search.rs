//! Pages over configs, exact or with `*`.

use super::{ConfigItem, Configs};

/// Which configs, and which page of them. An empty text means any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) data_id: &'a str,
    pub(crate) group: &'a str,
    pub(crate) app: &'a str,
    /// Comma-separated; one of them must be on the config.
    pub(crate) tags: &'a str,
    /// Comma-separated.
    pub(crate) kinds: &'a str,
    pub(crate) content: &'a str,
    /// Whether `*` stands for any text.
    pub(crate) blur: bool,
    /// From 1.
    pub(crate) page: usize,
    pub(crate) size: usize,
}

/// One page of configs.
#[derive(Debug)]
pub(crate) struct SearchPage<'a> {
    pub(crate) total: usize,
    pub(crate) pages: usize,
    pub(crate) items: Vec<&'a ConfigItem>,
}

impl Configs {
    /// A page of the configs of a namespace, in the order they were made.
    pub(crate) fn search(&self, search: &Search<'_>) -> SearchPage<'_> {
        let text = |pattern: &str, value: &str| pattern.is_empty() || if search.blur { wildcard(pattern, value) } else { pattern == value };
        let has_tag = |item: &ConfigItem| {
            let tags = item.tags.as_deref().unwrap_or_default();
            search.tags.split(',').any(|wanted| tags.split(',').any(|tag| tag == wanted.trim_matches('*')))
        };
        let matches = |item: &&ConfigItem| {
            text(search.data_id, &item.key.data_id)
                && text(search.group, &item.key.group)
                && text(search.app, &item.app)
                && (search.kinds.is_empty() || search.kinds.split(',').any(|kind| kind == item.kind))
                && (search.content.is_empty() || wildcard(search.content, &item.content))
                && (search.tags.is_empty() || has_tag(item))
        };
        let mut found: Vec<_> = self.in_namespace(search.tenant).filter(matches).collect();
        found.sort_unstable_by_key(|item| item.id);
        let total = found.len();
        let first = search.page.saturating_sub(1).saturating_mul(search.size);
        SearchPage { total, pages: total.div_ceil(search.size.max(1)), items: found.into_iter().skip(first).take(search.size).collect() }
    }
}

/// Whether `value` is `pattern`, where `*` stands for any text.
fn wildcard(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = value.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, value, expected) in [
            ("app", "app.yaml", false),
            ("app*", "app.yaml", true),
            ("*app*", "my-app.yaml", true),
            ("*.yaml", "app.yaml", true),
            ("a*p*l", "app.yaml", true),
            ("a*a", "a", false),
            ("*", "", true),
            ("**", "x", true),
            ("app.yaml", "app.yaml", true),
            ("*日*", "配置日志", true),
        ] {
            assert_eq!(wildcard(pattern, value), expected, "{pattern} against {value}");
        }
    }
}
