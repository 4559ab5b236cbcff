//! What the pages weigh, as `dist` makes them, in brotli: what a first visit of the Overview page loads before it is live, and what
//! somebody has loaded who was on every page.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::figure::{Figure, Goal};
use crate::{
    compress::brotli,
    site,
    step::{note, step},
};

/// The sizes, in kB of 1,000 bytes.
pub(super) fn measure() -> Result<Vec<Figure>> {
    let site = site::build_optimised()?;
    let manifest = &site.manifest;
    let with_main = |chunks: &[&String]| chunks.iter().chain([&&manifest.wasm]).map(|path| site.dir.join(path)).collect();
    let overview = manifest.chunks.get("overview").context("the manifest has no Overview page")?;
    let first: BTreeSet<PathBuf> = with_main(&overview.iter().collect::<Vec<_>>());
    let all: BTreeSet<PathBuf> = with_main(&manifest.chunks.values().flatten().collect::<Vec<_>>());
    let mut scripts = BTreeSet::new();
    collect_scripts(site.dir.join(&manifest.script).parent().context("the script is in a folder")?, &mut scripts)?;
    step("brotli", || {
        Ok(vec![
            weigh("wasm of a first visit, brotli", &first, 300.0)?,
            weigh("JavaScript glue, brotli", &scripts, 15.0)?,
            weigh("wasm of all pages, brotli", &all, 300.0)?,
        ])
    })
}

fn weigh(name: &str, files: &BTreeSet<PathBuf>, goal: f64) -> Result<Figure> {
    let mut sum = 0;
    for file in files {
        let bytes = fs::read(file)?;
        let packed = brotli(&bytes)?.len();
        note(format_args!("  {:>9} {packed:>8}  {}", bytes.len(), file.file_name().unwrap_or_default().display()));
        sum += packed;
    }
    Ok(Figure { name: name.to_owned(), value: sum as f64 / 1000.0, unit: "kB".into(), goal: Goal::AtMost(goal), peer: None })
}

/// Every script in a folder: the first imports all others.
fn collect_scripts(dir: &Path, scripts: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_scripts(&path, scripts)?;
        } else if path.extension().is_some_and(|extension| extension == "js") {
            scripts.insert(path);
        }
    }
    Ok(())
}
