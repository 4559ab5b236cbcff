//! The browser half of the app: built by cargo for WebAssembly, then given its JavaScript by wasm-bindgen, which is linked in, so
//! that its version is always the one in `Cargo.lock`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    cargo::{self, Artifact, WASM, argument, ensure_wasm_target},
    step::{note, step},
    workspace::target,
};

/// How the bundle is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// Small to load.
    Web,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Web => "web",
        }
    }
}

/// What wasm-bindgen made, before it has its final names.
pub(super) struct Bundle {
    pub(super) script: PathBuf,
    pub(super) wasm: PathBuf,
    /// May be absent.
    pub(super) snippets: PathBuf,
}

/// Builds it, or finds that nothing changed.
pub(super) fn build(profile: Profile) -> Result<Bundle> {
    step("WebAssembly target", ensure_wasm_target)?;
    let module = step("browser bundle", || compile(profile, &["--lib"], "hydrate"))?;
    let out = target().join("web/bindgen").join(profile.name());
    step("JavaScript for the bundle", || bind(&module, &out, profile))?;
    Ok(Bundle { script: out.join("app.js"), wasm: out.join("app_bg.wasm"), snippets: out.join("snippets") })
}

/// Compiles one half of the app for the browser: `--lib` with `hydrate`, or `--bin pilothouse-csr` with `csr`.
pub(crate) fn compile(profile: Profile, part: &[&str], feature: &str) -> Result<PathBuf> {
    let dir = target().join("web");
    let features = ["--no-default-features", "--features", feature, "--target", WASM];
    let place = ["--target-dir", argument(&dir)?, "--profile", profile.name()];
    cargo::build("pilothouse-app", &[part, &features, &place].concat(), Artifact::Wasm)
}

/// Runs wasm-bindgen, unless it was run on this very module before.
fn bind(module: &Path, out: &Path, profile: Profile) -> Result<()> {
    let bytes = fs::read(module)?;
    let stamp = out.join("fingerprint");
    let fingerprint = format!("{:016x} {}", xxh3_64(&bytes), env!("CARGO_PKG_VERSION"));
    if fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        note("  unchanged");
        return Ok(());
    }
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    Bindgen::new()
        .input_bytes("app", bytes)
        .web(true)?
        // The page names the module it was rendered for: no default that a hashed name would make wrong.
        .omit_default_module_path(true)
        .typescript(false)
        .keep_debug(profile == Profile::Dev)
        .remove_name_section(profile == Profile::Web)
        .remove_producers_section(true)
        .generate(out)
        .with_context(|| format!("wasm-bindgen on {}", module.display()))?;
    Ok(fs::write(stamp, fingerprint)?)
}
