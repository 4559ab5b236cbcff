//! The browser's files: content-hashed, so they are cached for ever.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pilothouse_app::boot::Assets;
use serde::Deserialize;

/// The folder that the build made, and what is in it.
pub(crate) struct Site {
    folder: PathBuf,
    manifest: Manifest,
}

#[derive(Debug, Default, Deserialize)]
struct Manifest {
    style: String,
    script: String,
    #[serde(default)]
    loader: Option<String>,
    wasm: String,
    #[serde(default)]
    chunks: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    fonts: Vec<String>,
    #[serde(default)]
    icon: Option<String>,
}

/// Why the browser's files cannot be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SiteError {
    #[error("there is no manifest.json in {0}: build the pages with `cargo xtask run`, or name their folder with --site-dir")]
    Missing(PathBuf),
    #[error("{path} is not a manifest: {source}")]
    Malformed { path: PathBuf, source: serde_json::Error },
}

impl Site {
    /// Reads the manifest of `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("manifest.json");
        let text = std::fs::read(&path).map_err(|_| SiteError::Missing(folder.into()))?;
        let manifest = serde_json::from_slice(&text).map_err(|source| SiteError::Malformed { path, source })?;
        Ok(Self { folder: folder.into(), manifest })
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// URLs below the base path.
    pub(crate) fn assets(&self) -> Assets {
        let url = |file: &String| format!("/assets/{file}");
        Assets {
            style: url(&self.manifest.style),
            script: url(&self.manifest.script),
            loader: self.manifest.loader.as_ref().map(url).unwrap_or_default(),
            wasm: url(&self.manifest.wasm),
            chunks: self.manifest.chunks.iter().map(|(page, files)| (page.clone(), files.iter().map(url).collect())).collect(),
            fonts: self.manifest.fonts.iter().map(url).collect(),
            icon: self.manifest.icon.as_ref().map(url).unwrap_or_default(),
        }
    }
}
