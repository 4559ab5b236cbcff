//! The browser half of the app: built by cargo for WebAssembly, split into a main module and those of the pages, then given its
//! JavaScript by wasm-bindgen. Splitter and wasm-bindgen are linked in, so that their versions are always those in `Cargo.lock`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
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

/// The module that loads and starts the main one.
pub(super) const SCRIPT: &str = "app.js";
/// The main module, as wasm-bindgen names it.
pub(super) const WASM_MAIN: &str = "app_bg.wasm";
/// The module that loads those of the pages. It and [`SCRIPT`] import each other.
pub(super) const LOADER: &str = "chunks.js";

/// What splitter and wasm-bindgen made. The files find each other by relative names.
pub(super) struct Bundle {
    /// Everything in here is for the browser, and nothing else is.
    pub(super) dir: PathBuf,
    /// Names of the modules that a page needs besides the main one, by the page's name.
    pub(super) chunks: BTreeMap<String, Vec<String>>,
}

/// Builds it, or finds that nothing changed.
pub(super) fn build(profile: Profile) -> Result<Bundle> {
    step("WebAssembly target", ensure_wasm_target)?;
    let module = step("browser bundle", || compile(profile, &["--lib"], "hydrate"))?;
    let out = target().join("web/bindgen").join(profile.name());
    step("JavaScript for the bundle", || bind(&module, &out, profile))?;
    let chunks = serde_json::from_slice(&fs::read(out.join(CHUNKS))?)?;
    Ok(Bundle { dir: out.join("bundle"), chunks })
}

/// Compiles one half of the app for the browser: `--lib` with `hydrate`, or `--bin pilothouse-csr` with `csr`.
pub(crate) fn compile(profile: Profile, part: &[&str], feature: &str) -> Result<PathBuf> {
    let dir = target().join("web");
    let features = ["--no-default-features", "--features", feature, "--target", WASM];
    let place = ["--target-dir", argument(&dir)?, "--profile", profile.name()];
    cargo::build("pilothouse-app", &[part, &features, &place].concat(), Artifact::Wasm)
}

/// Where [`Bundle::chunks`] is kept for the next start.
const CHUNKS: &str = "chunks.json";

/// Splits the module and runs wasm-bindgen, unless both were done with this very module before.
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
    let dir = out.join("bundle");
    fs::create_dir_all(&dir)?;
    let main = out.join("main.wasm");
    let chunks = split(&bytes, &main, &dir).with_context(|| format!("splitting {}", module.display()))?;
    fs::write(out.join(CHUNKS), serde_json::to_vec(&chunks)?)?;
    Bindgen::new()
        .input_bytes("app", fs::read(main)?)
        .web(true)?
        // The page names the module it was rendered for: no default that a hashed name would make wrong.
        .omit_default_module_path(true)
        // Memory, table and stack of the main module are those of all others.
        .keep_lld_exports(true)
        .typescript(false)
        .keep_debug(profile == Profile::Dev)
        .remove_name_section(profile == Profile::Web)
        .remove_producers_section(true)
        .generate(&dir)
        .with_context(|| format!("wasm-bindgen on {}", module.display()))?;
    Ok(fs::write(stamp, fingerprint)?)
}

/// Takes the pages out of a module: the rest goes to `main`, for wasm-bindgen, and everything else into `dir`.
fn split(bytes: &[u8], main: &Path, dir: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let (link, script) = (format!("./{LOADER}"), format!("./{SCRIPT}"));
    let mut options = wasm_split_cli_support::Options::new(bytes);
    options.main_out_path = main;
    options.output_dir = dir;
    options.link_name = &link;
    options.main_module = &script;
    let split = wasm_split_cli_support::transform(options).map_err(|report| anyhow!("{report:#}"))?;
    let files = |names: Vec<String>| names.into_iter().map(|name| format!("{name}.wasm")).collect();
    Ok(split.prefetch_map.into_iter().map(|(page, names)| (page, files(names))).collect())
}
