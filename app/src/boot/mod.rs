//! How a page starts: what the server hands in, the HTML document around the app, and the browser's entry points.

#[cfg(any(feature = "hydrate", feature = "csr"))]
mod browser;
#[cfg(feature = "ssr")]
mod document;

use std::collections::BTreeMap;

use pilothouse_api::{Horizon, RegistryRow, Totals};
use pilothouse_model::{Actor, Millis};
use serde::{Deserialize, Serialize};

use crate::preferences::Preferences;

#[cfg(feature = "hydrate")]
pub use browser::hydrate;
#[cfg(feature = "csr")]
pub use browser::mount;
#[cfg(feature = "ssr")]
pub use document::{content_security_policy, shell};

/// Everything the first render needs that is not the page's own data. The server puts it into context and into the document;
/// the browser reads it back, so that both render the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Boot {
    /// The base path without a trailing slash; empty at the root.
    pub base: String,
    /// What the reader chose.
    pub preferences: Preferences,
    /// Build of the server.
    pub build: String,
    /// The server's clock at the start of the request.
    pub now: Millis,
    /// Where the built files are.
    pub assets: Assets,
    /// What stands around every page.
    pub outline: Outline,
}

/// URLs of the built files, below the base path, each with a leading slash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assets {
    /// The stylesheet.
    pub style: String,
    /// The glue that wasm-bindgen wrote.
    pub script: String,
    /// What loads the pages' own wasm modules; the glue imports it. Empty where its name is not known.
    pub loader: String,
    /// The main wasm module.
    pub wasm: String,
    /// The wasm modules a page needs besides, by the page's name. For the document's head: the browser learns them from the loader.
    #[serde(skip)]
    pub chunks: BTreeMap<String, Vec<String>>,
    /// Fonts worth fetching early, as woff2; empty where none were built.
    pub fonts: Vec<String>,
    /// The icon of the tab, as SVG; empty where there is none.
    pub icon: String,
}

/// The numbers and the hour that stand on every page. The live stream keeps them current.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outline {
    /// Who reads.
    pub actor: Actor,
    /// Counts over everything the reader may see.
    pub totals: Totals,
    /// Every registry, without its hour: badges and freshness stand on every page.
    pub registries: Vec<RegistryRow>,
    /// The last hour.
    pub horizon: Horizon,
}

impl Outline {
    /// What stands around every page. The registries' hours are left out, since they are as long as all the rest together.
    #[must_use]
    pub fn new(actor: Actor, totals: Totals, horizon: Horizon, mut registries: Vec<RegistryRow>) -> Self {
        for row in &mut registries {
            row.hour = Vec::new();
        }
        Self { actor, totals, registries, horizon }
    }
}
