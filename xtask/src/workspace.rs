//! Where things are: the checkout and its target folder. Knows no tool.

use std::{
    env,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// Cargo says at run time which checkout it runs for; the one this was compiled in may be another that shares its target folder.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().expect("xtask is a folder of the checkout").to_owned()
});

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    &ROOT
}

/// The folder for everything that can be made again.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}
