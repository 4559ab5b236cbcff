//! The list of what a page loads, for the server.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::Serialize;

/// `manifest.json`: names in the site's folder.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    /// The style sheet.
    pub(crate) style: String,
    /// The module that loads and starts the WebAssembly; its default export takes `{ module_or_path }`, and has no default for it.
    pub(crate) script: String,
    /// The module that loads the WebAssembly of the pages; the script imports it.
    pub(crate) loader: String,
    /// The main WebAssembly, which every page needs.
    pub(crate) wasm: String,
    /// The WebAssembly that a page needs besides, by the page's name. Some is of several pages.
    pub(crate) chunks: BTreeMap<String, Vec<String>>,
    /// The icon of the tab.
    pub(crate) icon: String,
    /// Fonts worth a preload; empty when they could not be had.
    pub(crate) fonts: Vec<String>,
}

impl Manifest {
    /// Every path in it.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        let chunks = self.chunks.values().flatten();
        [&self.style, &self.script, &self.loader, &self.wasm, &self.icon].into_iter().chain(chunks).chain(&self.fonts).map(String::as_str)
    }

    /// Writes it at once: a server that reads it meanwhile sees the old one or the new one.
    pub(super) fn write(&self, dir: &Path) -> Result<()> {
        let fresh = dir.join("manifest.json.new");
        fs::write(&fresh, serde_json::to_vec_pretty(self)?)?;
        fs::rename(&fresh, dir.join("manifest.json")).context("cannot put manifest.json in place")
    }
}
