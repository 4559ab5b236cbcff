//! The check of parameters that Nacos does in front of every operation, rule for rule.

use super::call::Call;
use super::refusal::Refusal;
use crate::naming::Metadata;

const MAX_METADATA: usize = 1024;

struct Rule {
    what: &'static str,
    max: usize,
    allowed: fn(char) -> bool,
}

const NAMESPACE: Rule = Rule { what: "namespaceId/tenant", max: 64, allowed: |c| c.is_ascii_alphanumeric() || "_-".contains(c) };
const NAMESPACE_NAME: Rule = Rule { what: "namespaceShowName", max: 256, allowed: |c| !"@#$%^&*".contains(c) };
const GROUP: Rule = Rule { what: "group", max: 128, allowed: |c| c.is_ascii_alphanumeric() || "-_:.".contains(c) };
const DATA_ID: Rule = Rule { what: "dataId", max: 256, allowed: |c| c.is_ascii_alphanumeric() || "-_:.".contains(c) };
const CLUSTER: Rule = Rule { what: "cluster", max: 64, allowed: |c| c.is_ascii_alphanumeric() || "-_".contains(c) };
const IP: Rule = Rule { what: "ip", max: 128, allowed: is_plain };
const SERVICE: Rule = Rule { what: "serviceName", max: 512, allowed: is_plain };

impl Rule {
    fn check(&self, value: &str) -> Result<(), Refusal> {
        let Self { what, max, allowed } = self;
        if value.chars().count() > *max {
            return Err(Refusal::Illegal(format!("Param '{what}' is illegal, the param length should not exceed {max}.\r\n")));
        }
        if value.chars().all(allowed) { Ok(()) } else { Err(illegal(what)) }
    }
}

/// Neither CJK nor white space.
fn is_plain(c: char) -> bool {
    !('\u{4e00}'..='\u{9fa5}').contains(&c) && !matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

fn illegal(what: &str) -> Refusal {
    Refusal::Illegal(format!("Param '{what}' is illegal, illegal characters should not appear in the param.\r\n"))
}

pub(super) fn namespace(value: &str) -> Result<(), Refusal> {
    NAMESPACE.check(value)
}

pub(super) fn namespace_name(value: &str) -> Result<(), Refusal> {
    NAMESPACE_NAME.check(value)
}

pub(super) fn group(value: &str) -> Result<(), Refusal> {
    GROUP.check(value)
}

pub(super) fn data_id(value: &str) -> Result<(), Refusal> {
    DATA_ID.check(value)
}

pub(super) fn cluster(value: &str) -> Result<(), Refusal> {
    CLUSTER.check(value)
}

pub(super) fn ip(value: &str) -> Result<(), Refusal> {
    IP.check(value)
}

/// The name without its group.
pub(super) fn service(value: &str) -> Result<(), Refusal> {
    if value.contains("@@") || value.starts_with('@') {
        return Err(illegal(SERVICE.what));
    }
    SERVICE.check(value)
}

pub(super) fn port(value: &str) -> Result<u16, Refusal> {
    value.parse().map_err(|_| Refusal::Illegal("Param 'port' is illegal, the value should be between 0 and 65535.\r\n".to_owned()))
}

pub(super) fn metadata(value: &Metadata) -> Result<(), Refusal> {
    let length: usize =
        value.iter().map(|(key, value)| key.chars().count() + value.as_deref().map_or(0, |text| text.chars().count())).sum();
    if length > MAX_METADATA {
        return Err(Refusal::Illegal(format!("Param 'Metadata' is illegal, the param length should not exceed {MAX_METADATA}.\r\n")));
    }
    Ok(())
}

/// A number of a page, from a parameter the framework reads; `java` is what it converts to.
pub(super) fn number(call: &Call, name: &'static str, java: &'static str) -> Result<Option<i64>, Refusal> {
    call.filled(name).map(|value| value.parse().map_err(|_| Refusal::NotA { java, value: value.to_owned() })).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_names() {
        for (name, is_fine) in [
            ("orders", true),
            ("100%", true),
            ("a/b", true),
            ("a@b", true),
            ("🚀svc", true),
            ("providers:com.example.OrderService:1.0.0:", true),
            ("订单服务", false),
            ("my svc", false),
            ("tab\tx", false),
            ("b@@c", false),
            ("@x", false),
            (&"x".repeat(512), true),
            (&"x".repeat(513), false),
        ] {
            assert_eq!(service(name).is_ok(), is_fine, "{name}");
        }
    }
}
