//! `cargo xtask style`: the style sheet alone, for those who build with Trunk or cargo-leptos instead.

use std::fs;

use anyhow::Result;

use crate::{
    site,
    workspace::{root, target},
};

/// Writes `target/style/pilothouse.css`, unless it is there already: a watcher must not be woken for nothing.
pub(crate) fn run() -> Result<()> {
    let file = target().join("style/pilothouse.css");
    let sheet = site::concatenate(&root().join("style"))?;
    if fs::read_to_string(&file).is_ok_and(|old| old == sheet) {
        return Ok(());
    }
    fs::create_dir_all(file.parent().expect("a file in a folder"))?;
    Ok(fs::write(file, sheet)?)
}
