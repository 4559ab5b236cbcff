//! The folder of content-hashed files: a name never means two contents, so a browser may keep them for ever.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use xxhash_rust::xxh3::xxh3_64;

use super::Manifest;

/// Files that wasm-bindgen names after the crate they come from and its version: they need no hash of ours.
const SNIPPETS: &str = "snippets";

/// A site's folder.
pub(super) struct Assets {
    site: PathBuf,
}

impl Assets {
    /// Opens it, empty or not.
    pub(super) fn open(site: &Path) -> Result<Self> {
        fs::create_dir_all(site)?;
        Ok(Self { site: site.to_owned() })
    }

    /// Puts a file in and gives its name.
    pub(super) fn put(&self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        let name = format!("{stem}-{:016x}.{extension}", xxh3_64(bytes));
        let file = self.site.join(&name);
        if !file.exists() {
            // Never half a file under its final name.
            let fresh = file.with_extension("new");
            fs::write(&fresh, bytes)?;
            fs::rename(fresh, file)?;
        }
        Ok(name)
    }

    /// Puts a licence beside what it belongs to.
    pub(super) fn put_licence(&self, stem: &str, text: &str) -> Result<()> {
        Ok(fs::write(self.site.join(format!("{stem}.LICENSE.txt")), text)?)
    }

    /// Puts in a folder that the script imports from by relative paths.
    pub(super) fn put_snippets(&self, from: &Path) -> Result<()> {
        if from.is_dir() { copy_folder(from, &self.site.join(SNIPPETS)) } else { Ok(()) }
    }

    /// Removes what the manifest no longer names.
    pub(super) fn remove_stale(&self, manifest: &Manifest) -> Result<()> {
        let named: HashSet<PathBuf> = manifest.paths().map(|path| self.site.join(path)).collect();
        for entry in fs::read_dir(&self.site)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kept = [SNIPPETS, "manifest.json"].contains(&name.as_str()) || name.ends_with(".LICENSE.txt");
            if !kept && !named.contains(&entry.path()) && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_content_and_stale_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let assets = Assets::open(dir.path()).unwrap();
        let put = |text: &str| assets.put("a", "css", text.as_bytes()).unwrap();
        let (old, new) = (put("one"), put("two"));
        assert_ne!(old, new);
        assert_eq!(put("two"), new);
        let manifest = Manifest { style: new.clone(), script: put("js"), wasm: put("wasm"), icon: put("icon"), fonts: Vec::new() };
        assets.put_licence("inter", "free").unwrap();
        assets.remove_stale(&manifest).unwrap();
        assert!(!dir.path().join(old).exists());
        assert!(manifest.paths().all(|path| dir.path().join(path).is_file()));
        assert!(dir.path().join("inter.LICENSE.txt").exists());
    }
}
