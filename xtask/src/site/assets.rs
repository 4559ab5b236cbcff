//! The folder of content-hashed files: a name never means two contents, so a browser may keep them for ever.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use xxhash_rust::xxh3::xxh3_64;

use super::Manifest;

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

    /// Puts in a folder of files that find each other by relative names, and gives its name: these keep theirs, and the folder has
    /// the hash.
    pub(super) fn put_folder(&self, stem: &str, from: &Path) -> Result<String> {
        let name = format!("{stem}-{:016x}", fingerprint(from)?);
        let folder = self.site.join(&name);
        if !folder.exists() {
            let fresh = folder.with_extension("new");
            if fresh.exists() {
                fs::remove_dir_all(&fresh)?;
            }
            copy_folder(from, &fresh)?;
            fs::rename(fresh, folder)?;
        }
        Ok(name)
    }

    /// Removes what the manifest no longer names.
    pub(super) fn remove_stale(&self, manifest: &Manifest) -> Result<()> {
        // What stands in a folder that is named is named with it.
        let named: HashSet<&str> = manifest.paths().filter_map(|path| path.split('/').next()).collect();
        for entry in fs::read_dir(&self.site)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "manifest.json" || name.ends_with(".LICENSE.txt") || named.contains(name.as_str()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// One number for all that is in a folder: names and contents.
pub(super) fn fingerprint(dir: &Path) -> Result<u64> {
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let hash = if entry.file_type()?.is_dir() { fingerprint(&entry.path())? } else { xxh3_64(&fs::read(entry.path())?) };
        hashes.insert(entry.file_name().to_string_lossy().into_owned(), hash);
    }
    Ok(xxh3_64(format!("{hashes:?}").as_bytes()))
}

/// Copies a folder with everything in it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
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
        let (site, made) = (dir.path().join("site"), dir.path().join("made"));
        let assets = Assets::open(&site).unwrap();
        let put = |text: &str| assets.put("a", "css", text.as_bytes()).unwrap();
        let (old, new) = (put("one"), put("two"));
        assert_ne!(old, new);
        assert_eq!(put("two"), new);
        fs::create_dir_all(made.join("snippets")).unwrap();
        let put_folder = |text: &str| {
            fs::write(made.join("snippets/a.js"), text).unwrap();
            assets.put_folder("app", &made).unwrap()
        };
        let (old_folder, folder) = (put_folder("one"), put_folder("two"));
        assert_ne!(old_folder, folder);
        assert_eq!(put_folder("two"), folder);
        let script = format!("{folder}/snippets/a.js");
        let manifest = Manifest {
            style: new.clone(),
            script: script.clone(),
            loader: script.clone(),
            wasm: script,
            chunks: BTreeMap::new(),
            icon: put("icon"),
            fonts: Vec::new(),
        };
        assets.put_licence("inter", "free").unwrap();
        assets.remove_stale(&manifest).unwrap();
        assert!(!site.join(old).exists() && !site.join(old_folder).exists());
        assert!(manifest.paths().all(|path| site.join(path).is_file()));
        assert!(site.join("inter.LICENSE.txt").exists());
    }
}
