//! A recipe of `interop/`: built once into the user's cache, under a name that holds the hash of its content.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use xxhash_rust::xxh3::Xxh3;

use crate::{
    process::run,
    step::{note, step},
    workspace::root,
};

/// Builds `interop/name`, unless that was done, and gives the folder it was built in.
pub(crate) fn build(name: &str) -> Result<PathBuf> {
    let source = root().join("interop").join(name);
    let files = files(&source).with_context(|| format!("interop/{name}"))?;
    let dir = cache()?.join("interop").join(format!("{name}-{:016x}", hash(&source, &files)?));
    let stamp = dir.join(".built");
    if stamp.exists() {
        return Ok(dir);
    }
    if dir.exists() {
        note(format_args!("  {} was left half built: once more", dir.display()));
        fs::remove_dir_all(&dir)?;
    }
    for file in &files {
        let target = dir.join(file);
        fs::create_dir_all(target.parent().expect("a file in a folder"))?;
        fs::copy(source.join(file), target)?;
    }
    if dir.join("build.sh").exists() {
        step(&format!("build {name}, once"), || run(Command::new("bash").arg("build.sh").current_dir(&dir)))?;
    }
    fs::write(stamp, "")?;
    Ok(dir)
}

/// Forgets that it was built: something it relied on outside its folder is gone.
pub(super) fn forget(dir: &Path) -> Result<()> {
    Ok(fs::remove_file(dir.join(".built"))?)
}

fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = base.or_else(|| env::home_dir().map(|home| home.join(".cache"))).context("neither XDG_CACHE_HOME nor a home folder")?;
    Ok(base.join("pilothouse"))
}

/// Its files, relative to it, in a fixed order; without what a tool may have left behind.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    const LEFT_BEHIND: [&str; 3] = ["target", "node_modules", "__pycache__"];
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if !entry.file_type()?.is_dir() {
                found.push(path.strip_prefix(dir).expect("found below it").to_owned());
            } else if !LEFT_BEHIND.iter().any(|name| entry.file_name() == *name) {
                open.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn hash(dir: &Path, files: &[PathBuf]) -> Result<u64> {
    let mut hash = Xxh3::new();
    for file in files {
        let name = file.to_string_lossy();
        let content = fs::read(dir.join(file))?;
        // Lengths first, so that no two lists of files read alike.
        for part in [name.as_bytes(), &content] {
            hash.update(&part.len().to_le_bytes());
            hash.update(part);
        }
    }
    Ok(hash.digest())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_follows_names_and_content_alone() {
        let make = |entries: &[(&str, &str)]| {
            let dir = tempfile::tempdir().unwrap();
            for (name, text) in entries {
                let path = dir.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            hash(dir.path(), &files(dir.path()).unwrap()).unwrap()
        };
        let base = make(&[("a", "1"), ("b/c", "2")]);
        assert_eq!(base, make(&[("b/c", "2"), ("a", "1"), ("target/x", "left behind")]));
        for other in [&[("a", "1"), ("b/c", "3")][..], &[("a", "1"), ("b/d", "2")], &[("a", "1")]] {
            assert_ne!(base, make(other), "{other:?}");
        }
    }
}
