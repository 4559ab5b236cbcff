//! From settings to adapters and the store.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use pilothouse_console::ports::Clock;
use pilothouse_hub::RegistrySpec;
use pilothouse_model::RegistryKind;
use pilothouse_registry::Registry;
use pilothouse_registry::transport::TlsConfig;

use crate::clock::SystemClock;
use crate::settings::{RegistrySettings, SecretError, StoreSettings};

/// What the hub is to watch.
pub(crate) fn registry(settings: &RegistrySettings) -> anyhow::Result<RegistrySpec> {
    let adapter = adapter(settings).with_context(|| format!("registry {}", settings.id))?;
    let name = settings.name.clone().unwrap_or_else(|| settings.id.to_string());
    Ok(RegistrySpec { name, bound_ms: settings.freshness_ms, adapter })
}

/// The adapter of a registry. Nothing is asked of the registry yet.
pub(crate) fn adapter(settings: &RegistrySettings) -> anyhow::Result<Arc<dyn Registry>> {
    let tls = TlsConfig { ca: settings.ca.clone(), certificate: settings.client_cert.clone(), key: settings.client_key.clone() };
    let _ = (tls, settings.kind == RegistryKind::Consul, SystemClock.now());
    anyhow::bail!("not wired")
}

/// The URL of the store: a secret, for it may hold a password.
pub(crate) fn store_url(settings: &StoreSettings, data_dir: &Path) -> Result<String, SecretError> {
    match (&settings.url, &settings.path) {
        (Some(url), _) => url.read(),
        (None, Some(path)) => Ok(path.display().to_string()),
        (None, None) => Ok(data_dir.join("pilothouse.db").display().to_string()),
    }
}
