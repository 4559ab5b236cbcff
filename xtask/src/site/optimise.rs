//! wasm-opt from npm. Debian's is too old for what rustc writes, and no crate carries the current one.

use std::{fs, process::Command};

use anyhow::Result;

use super::{
    assets::{copy_folder, fingerprint},
    bundle::Bundle,
};
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

/// What makes the bundle smaller on the wire. `-Oz` would not: it leaves fewer bytes, of which brotli finds fewer alike.
const PASSES: [&str; 8] = [
    "--precompute",
    "--optimize-instructions",
    "--vacuum",
    "--merge-blocks",
    "--remove-unused-names",
    "--remove-unused-brs",
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
];

/// The bundle made smaller, beside the one given; the one given where wasm-opt cannot be had.
pub(super) fn optimise(bundle: Bundle) -> Result<Bundle> {
    if !npm::found() {
        note("  no npm here: the WebAssembly stays as rustc wrote it, some percent larger");
        return Ok(bundle);
    }
    let modules = match npm::install("binaryen", &root().join("xtask/npm/binaryen")) {
        Ok(modules) => modules,
        Err(error) => {
            check_interrupt()?;
            note(format_args!("  npm could not install binaryen ({error:#}): the WebAssembly stays as rustc wrote it"));
            return Ok(bundle);
        }
    };
    let small = bundle.dir.with_extension("opt");
    let stamp = bundle.dir.with_extension("opt.fingerprint");
    let fingerprint = format!("{:016x} {}", fingerprint(&bundle.dir)?, PASSES.concat());
    if small.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        note("  unchanged");
        return Ok(Bundle { dir: small, ..bundle });
    }
    if small.exists() {
        fs::remove_dir_all(&small)?;
    }
    copy_folder(&bundle.dir, &small)?;
    // The modules call each other through exports and one table: no pass of the above changes either.
    for entry in fs::read_dir(&small)? {
        let wasm = entry?.path();
        if wasm.extension().is_some_and(|extension| extension == "wasm") {
            let mut program = Command::new("node");
            program.arg(modules.join("binaryen/bin/wasm-opt")).args(PASSES).args(FEATURES).arg(&wasm).arg("-o").arg(&wasm);
            run(&mut program)?;
        }
    }
    fs::write(stamp, fingerprint)?;
    Ok(Bundle { dir: small, ..bundle })
}
