//! `pilothouse check-config`.

use anyhow::Context;

use super::say;
use crate::cli::ConfigArg;
use crate::settings;

/// Reads settings and every secret they name, and says what would be connected.
pub(crate) fn run(args: &ConfigArg) -> anyhow::Result<()> {
    let settings = settings::load(args.path().as_deref(), std::env::vars())?;
    for registry in &settings.registry {
        for (field, secret) in [("password", &registry.password), ("token", &registry.token)] {
            if let Some(secret) = secret {
                secret.read().with_context(|| format!("registry {}, {field}", registry.id))?;
            }
        }
        crate::connect::adapter(registry).with_context(|| format!("registry {}", registry.id))?;
        say(format_args!("registry {}: {}, {}", registry.id, registry.kind.name(), registry.endpoints.join(", ")));
    }
    if let Some(url) = &settings.store.url {
        url.read().context("store.url")?;
    }
    say(format_args!("ok: {} registries", settings.registry.len()));
    Ok(())
}
