//! The two typefaces, from npm where npm is found. Without them the pages use the fonts of the system, and nothing else changes.

use std::fs;

use anyhow::{Context, Result};

use crate::{npm, process::check_interrupt, step::note, workspace::root};

/// (family as the style sheet names it, package, file without `.woff2`, weights)
const FONTS: [(&str, &str, &str, &str); 2] = [
    ("Inter", "@fontsource-variable/inter", "inter-latin-wght-normal", "100 900"),
    ("JetBrains Mono", "@fontsource-variable/jetbrains-mono", "jetbrains-mono-latin-wght-normal", "100 800"),
];

/// What the Latin subset of both covers.
const LATIN: &str = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,\
                     U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";

/// One font file.
pub(super) struct Font {
    family: &'static str,
    weights: &'static str,
    /// Its name in the site, without hash and extension.
    pub(super) stem: String,
    pub(super) bytes: Vec<u8>,
    pub(super) licence: String,
}

impl Font {
    /// The rule that declares it, for a style sheet in the same folder as the font. `path` is relative to the site.
    pub(super) fn face(&self, path: &str) -> String {
        let Self { family, weights, .. } = self;
        let name = path.rsplit('/').next().unwrap_or(path);
        format!(
            "@font-face {{ font-family: \"{family}\"; font-style: normal; font-weight: {weights}; font-display: swap; \
             src: url(\"{name}\") format(\"woff2\"); unicode-range: {LATIN}; }}\n"
        )
    }
}

/// Both fonts, or none when npm is missing or cannot install them.
pub(super) fn fetch() -> Result<Vec<Font>> {
    if !npm::found() {
        note("  no npm here: the pages use the fonts of the system");
        return Ok(Vec::new());
    }
    let modules = match npm::install("fonts", &root().join("xtask/npm/fonts")) {
        Ok(modules) => modules,
        Err(error) => {
            check_interrupt()?;
            note(format_args!("  npm could not install the fonts ({error:#}): the pages use those of the system"));
            return Ok(Vec::new());
        }
    };
    let read = |(family, package, file, weights)| {
        let dir = modules.join(package);
        let bytes = fs::read(dir.join("files").join(format!("{file}.woff2"))).with_context(|| format!("{package} has no {file}"))?;
        let licence = fs::read_to_string(dir.join("LICENSE")).with_context(|| format!("{package} has no licence"))?;
        Ok(Font { family, weights, stem: str::replace(file, "-wght-normal", ""), bytes, licence })
    };
    FONTS.into_iter().map(read).collect()
}
