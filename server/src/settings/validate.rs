//! What the shape alone cannot say.

use std::collections::BTreeSet;

use pilothouse_model::RegistryKind;

use super::{RegistrySettings, Settings, SettingsError};

pub(super) fn check(settings: &Settings) -> Result<(), SettingsError> {
    let invalid = |field: &str, why: String| Err(SettingsError::Invalid { field: field.into(), why });
    if !settings.server.bind.is_loopback() {
        return invalid(
            "server.bind",
            "without users the console listens on loopback only: use 127.0.0.1 or ::1, and a proxy before it".into(),
        );
    }
    let base = &settings.server.base_path;
    let plain = base.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b));
    if !base.is_empty() && (!base.starts_with('/') || base.ends_with('/') || base.contains("//") || !plain) {
        return invalid(
            "server.base_path",
            format!("`{base}` must start with `/`, not end with one, and hold letters, digits, `-`, `_`, `.` only"),
        );
    }
    if !(1..=3650).contains(&settings.store.retention_days) {
        return invalid("store.retention_days", "1 to 3650 are allowed".into());
    }
    if settings.store.url.is_some() && settings.store.path.is_some() {
        return invalid("store.path", "give `url` or `path`, not both".into());
    }
    let mut seen = BTreeSet::new();
    for registry in &settings.registry {
        if !seen.insert(&registry.id) {
            return invalid(&format!("registry {}", registry.id), "is there twice; an id names one registry".into());
        }
        check_registry(registry)?;
    }
    Ok(())
}

fn check_registry(registry: &RegistrySettings) -> Result<(), SettingsError> {
    let invalid = |field: &str, why: String| Err(SettingsError::Invalid { field: format!("registry {}, {field}", registry.id), why });
    if registry.endpoints.is_empty() || registry.endpoints.len() > 64 {
        return invalid("endpoints", "at least one and at most 64 are needed".into());
    }
    for url in &registry.endpoints {
        let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).filter(|rest| !rest.is_empty()) else {
            return invalid("endpoints", format!("`{}` is not an http or https URL", url.chars().take(80).collect::<String>()));
        };
        if rest.split('/').next().is_some_and(|authority| authority.contains('@')) {
            return invalid("endpoints", "credentials do not belong in a URL: use `user` and `password`, or `token`".into());
        }
    }
    if !(5_000..=300_000).contains(&registry.freshness_ms) {
        return invalid("freshness_ms", "5000 to 300000 are allowed".into());
    }
    if registry.client_cert.is_some() != registry.client_key.is_some() {
        return invalid("client_key", "`client_cert` and `client_key` belong together".into());
    }
    match registry.kind {
        RegistryKind::Consul => {
            for (set, field) in [
                (registry.user.is_some(), "user"),
                (registry.password.is_some(), "password"),
                (registry.namespaces.is_some(), "namespaces"),
                (registry.plane.is_some(), "plane"),
                (registry.push_address.is_some(), "push_address"),
            ] {
                if set {
                    return invalid(field, "Consul has none".into());
                }
            }
        }
        RegistryKind::Nacos | RegistryKind::Embedded => {
            for (set, field) in [(registry.token.is_some(), "token"), (registry.datacenter.is_some(), "datacenter")] {
                if set {
                    return invalid(field, "Nacos has none: use `user` and `password`".into());
                }
            }
            match (&registry.user, &registry.password) {
                (Some(_), None) => return invalid("password", "is needed with `user`, as env:NAME or file:PATH".into()),
                (None, Some(_)) => return invalid("user", "is needed with `password`".into()),
                _ => {}
            }
            if let Some(plane) = &registry.plane
                && !["v1", "v3-admin", "v3-console"].contains(&plane.as_str())
            {
                return invalid("plane", "v1, v3-admin or v3-console are allowed; leave it out to have it found".into());
            }
        }
    }
    Ok(())
}
