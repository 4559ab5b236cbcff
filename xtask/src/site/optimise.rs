//! wasm-opt from npm. Debian's is too old for what rustc writes, and no crate carries the current one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    npm,
    process::{check_interrupt, run},
    step::note,
    workspace::root,
};

/// What rustc may use by default; without these wasm-opt refuses the module, and with more it might write what a browser lacks.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The module made smaller, beside the one given; the one given where wasm-opt cannot be had.
pub(super) fn optimise(wasm: &Path) -> Result<PathBuf> {
    if !npm::found() {
        note("  no npm here: the WebAssembly stays as rustc wrote it, some percent larger");
        return Ok(wasm.to_owned());
    }
    let modules = match npm::install("binaryen", &root().join("xtask/npm/binaryen")) {
        Ok(modules) => modules,
        Err(error) => {
            check_interrupt()?;
            note(format_args!("  npm could not install binaryen ({error:#}): the WebAssembly stays as rustc wrote it"));
            return Ok(wasm.to_owned());
        }
    };
    let small = wasm.with_extension("opt.wasm");
    let stamp = wasm.with_extension("opt.fingerprint");
    let fingerprint = format!("{:016x}", xxh3_64(&fs::read(wasm)?));
    if small.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        note("  unchanged");
        return Ok(small);
    }
    let mut program = Command::new("node");
    program.arg(modules.join("binaryen/bin/wasm-opt")).arg("-Oz").args(FEATURES).arg(wasm).arg("-o").arg(&small);
    run(&mut program)?;
    fs::write(stamp, fingerprint)?;
    Ok(small)
}
