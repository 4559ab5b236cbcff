//! The site: everything the browser loads, under content-hashed names in one folder, and the `manifest.json`
//! that names it. Knows nothing of the server. (`public/manifest.json` is for cargo-leptos, which hashes no names.)

mod assets;
mod bundle;
mod fonts;
mod manifest;
mod optimise;
mod style;

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use self::{
    assets::Assets,
    bundle::{Bundle, LOADER, SCRIPT, WASM_MAIN},
};
pub(crate) use self::{
    bundle::{Profile, compile},
    manifest::Manifest,
    style::concatenate,
};
use crate::{
    step::step,
    workspace::{root, target},
};

/// A built site.
#[derive(Debug)]
pub(crate) struct Site {
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// What is in it, as written to its `manifest.json`.
    pub(crate) manifest: Manifest,
}

/// Builds the site into `target/site`. Files that the new manifest does not name are removed.
pub(crate) fn build(profile: Profile) -> Result<Site> {
    assemble(&bundle::build(profile)?, target().join("site"))
}

/// Builds the site as it is deployed into `target/site-dist`: the WebAssembly goes through wasm-opt, where that can be had.
pub(crate) fn build_optimised() -> Result<Site> {
    let bundle = bundle::build(Profile::Web)?;
    let bundle = step("wasm-opt", || optimise::optimise(bundle))?;
    assemble(&bundle, target().join("site-dist"))
}

fn assemble(bundle: &Bundle, dir: PathBuf) -> Result<Site> {
    let fonts = step("fonts", fonts::fetch)?;
    step("site", || {
        let assets = Assets::open(&dir)?;
        let folder = assets.put_folder("app", &bundle.dir)?;
        let inside = |name: &str| format!("{folder}/{name}");
        let chunks = bundle.chunks.iter().map(|(page, names)| (page.clone(), names.iter().map(|name| inside(name)).collect())).collect();
        let mut faces = String::new();
        let mut preloads = Vec::new();
        for font in &fonts {
            let name = assets.put(&font.stem, "woff2", &font.bytes)?;
            faces.push_str(&font.face(&name));
            preloads.push(name);
            assets.put_licence(&font.stem, &font.licence)?;
        }
        let style = assets.put("pilothouse", "css", (faces + &concatenate(&root().join("style"))?).as_bytes())?;
        let icon = assets.put("favicon", "svg", &fs::read(root().join("public/favicon.svg")).context("public/favicon.svg")?)?;
        let (script, loader, wasm) = (inside(SCRIPT), inside(LOADER), inside(WASM_MAIN));
        let manifest = Manifest { style, script, loader, wasm, chunks, icon, fonts: preloads };
        manifest.write(&dir)?;
        assets.remove_stale(&manifest)?;
        Ok(Site { dir, manifest })
    })
}
