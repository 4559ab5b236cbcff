//! `cargo xtask dist`: what one deploys, in `target/dist`: the program, and the site with every file also compressed beside itself.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    compress::{brotli, gzip},
    process::catch_interrupts,
    server, site,
    step::{say, step},
    workspace::{root, target},
};

/// Files that are compressed already, or that no page loads.
const AS_THEY_ARE: [&str; 3] = ["woff2", "txt", "json"];

/// Builds it anew; the old folder stays until the new one is whole.
pub(crate) fn run() -> Result<()> {
    catch_interrupts()?;
    let site = site::build_optimised()?;
    let program = step("server", || server::build(true))?;
    let fresh = target().join("dist.new");
    remove(&fresh)?;
    step("compress", || pack(&site.dir, &fresh.join("site")))?;
    fs::copy(&program, fresh.join(program.file_name().context("a program has a name")?))?;
    fs::copy(root().join("LICENSE"), fresh.join("LICENSE"))?;
    let dist = target().join("dist");
    remove(&dist)?;
    fs::rename(fresh, &dist)?;
    say(format_args!("{}: `pilothouse serve` there finds its site beside itself", dist.display()));
    Ok(())
}

fn remove(dir: &Path) -> Result<()> {
    if dir.exists() { fs::remove_dir_all(dir).with_context(|| dir.display().to_string()) } else { Ok(()) }
}

/// Copies a folder, with `.br` and `.gz` beside every file that gains by them.
fn pack(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            pack(&source, &target)?;
            continue;
        }
        fs::copy(&source, &target)?;
        if source.extension().is_none_or(|extension| AS_THEY_ARE.iter().any(|kept| extension == *kept)) {
            continue;
        }
        let bytes = fs::read(&source)?;
        for (suffix, packed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
            if packed.len() < bytes.len() {
                let mut name = entry.file_name();
                name.push(format!(".{suffix}"));
                fs::write(to.join(name), packed)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_what_gains_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::create_dir_all(from.join("assets")).unwrap();
        for (name, text) in [("manifest.json", "{}".repeat(99)), ("assets/a.css", "a{}".repeat(99)), ("assets/b.css", "b".into())] {
            fs::write(from.join(name), text).unwrap();
        }
        pack(&from, &to).unwrap();
        let there = |name: &str| to.join(name).exists();
        assert!(there("assets/a.css") && there("assets/a.css.br") && there("assets/a.css.gz"));
        assert!(there("manifest.json") && !there("manifest.json.br"));
        assert!(there("assets/b.css") && !there("assets/b.css.br") && !there("assets/b.css.gz"));
    }
}
