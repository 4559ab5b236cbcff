//! From settings to adapters and the store.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use pilothouse_console::ports::Clock as _;
use pilothouse_hub::RegistrySpec;
use pilothouse_model::RegistryKind;
use pilothouse_registry::consul::{ConsulConfig, ConsulRegistry};
use pilothouse_registry::nacos::{NacosConfig, NacosRegistry, Plane};
use pilothouse_registry::transport::{Clock, TlsConfig};
use pilothouse_registry::{Registry, Secret};

use crate::clock::SystemClock;
use crate::settings::{RegistrySettings, SecretError, SecretRef, StoreSettings};

/// What the hub is to watch.
pub(crate) fn registry(settings: &RegistrySettings) -> anyhow::Result<RegistrySpec> {
    let adapter = adapter(settings).with_context(|| format!("registry {}", settings.id))?;
    let name = settings.name.clone().unwrap_or_else(|| settings.id.to_string());
    Ok(RegistrySpec { name, bound_ms: settings.freshness_ms, adapter })
}

/// The adapter of a registry. Nothing is asked of the registry yet.
pub(crate) fn adapter(settings: &RegistrySettings) -> anyhow::Result<Arc<dyn Registry>> {
    let clock: Clock = Arc::new(|| SystemClock.now());
    let tls = TlsConfig { ca: settings.ca.clone(), certificate: settings.client_cert.clone(), key: settings.client_key.clone() };
    let freshness_bound = Duration::from_millis(settings.freshness_ms.unsigned_abs());
    let (id, urls) = (settings.id.clone(), settings.endpoints.clone());
    match settings.kind {
        RegistryKind::Consul => {
            let token = secret(settings.token.as_ref(), "token")?;
            let config = ConsulConfig { id, urls, token, datacenter: settings.datacenter.clone(), tls, freshness_bound };
            Ok(ConsulRegistry::new(config, clock)?)
        }
        kind @ (RegistryKind::Nacos | RegistryKind::Embedded) => {
            let password = secret(settings.password.as_ref(), "password")?;
            let config = NacosConfig {
                plane: settings.plane.as_deref().and_then(plane),
                namespaces: settings.namespaces.clone(),
                login: settings.user.clone().zip(password),
                tls,
                push_address: settings.push_address.map(|address| SocketAddr::new(address, 0)),
                freshness_bound,
                ..NacosConfig::new(id, kind, urls)
            };
            Ok(Arc::new(NacosRegistry::new(config, clock)?))
        }
    }
}

fn secret(reference: Option<&SecretRef>, field: &'static str) -> anyhow::Result<Option<Secret>> {
    reference.map(|reference| reference.read().map(Secret::new).context(field)).transpose()
}

/// The names are checked when settings are read.
fn plane(name: &str) -> Option<Plane> {
    match name {
        "v1" => Some(Plane::V1),
        "v3-admin" => Some(Plane::V3Admin),
        "v3-console" => Some(Plane::V3Console),
        _ => None,
    }
}

/// The URL of the store: a secret, for it may hold a password.
pub(crate) fn store_url(settings: &StoreSettings, data_dir: &Path) -> Result<String, SecretError> {
    match (&settings.url, &settings.path) {
        (Some(url), _) => url.read(),
        (None, Some(path)) => Ok(path.display().to_string()),
        (None, None) => Ok(data_dir.join("pilothouse.db").display().to_string()),
    }
}
