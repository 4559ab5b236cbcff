//! What a first visit loads before the page is live: WebAssembly and its JavaScript, as `dist` makes them, in brotli.

use std::fs;

use anyhow::Result;

use super::figure::{Figure, Goal};
use crate::{compress::brotli, site, step::step};

/// Both sizes, in kB of 1,000 bytes.
pub(super) fn measure() -> Result<Vec<Figure>> {
    let site = site::build_optimised()?;
    step("brotli", || {
        let weigh = |name: &str, path: &str, goal: f64| -> Result<Figure> {
            let packed = brotli(&fs::read(site.dir.join(path))?)?;
            Ok(Figure {
                name: name.to_owned(),
                value: packed.len() as f64 / 1000.0,
                unit: "kB".into(),
                goal: Goal::AtMost(goal),
                peer: None,
            })
        };
        Ok(vec![weigh("wasm, brotli", &site.manifest.wasm, 300.0)?, weigh("JavaScript glue, brotli", &site.manifest.script, 15.0)?])
    })
}
