//! `cargo xtask ci tidy`: what no compiler checks. Reads tracked files alone.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::root;

/// Longer files hide a second concept.
const MAX_LINES: usize = 400;
/// Extensions of files that people write by hand, line by line.
const WRITTEN: [&str; 8] = ["rs", "css", "ts", "mjs", "js", "py", "java", "sh"];
/// Names that say nothing.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "misc", "stuff"];
/// Package registries and paths of one machine, in two halves so that this file does not hold them.
const PLACES: [(&str, &str); 13] = [
    ("static.", "crates.io"),
    ("index.", "crates.io"),
    ("registry.", "npmjs.org"),
    ("registry.", "yarnpkg.com"),
    ("pypi", ".org"),
    ("files.", "pythonhosted.org"),
    ("proxy.", "golang.org"),
    ("sum.", "golang.org"),
    ("repo1.", "maven.org"),
    ("repo.maven.", "apache.org"),
    ("deb.", "debian.org"),
    ("/ro", "ot/"),
    ("/wo", "rk/"),
];

/// Checks every tracked file.
pub(crate) fn check() -> Result<()> {
    let listed = Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root()).output()?;
    ensure!(listed.status.success(), "git ls-files: {}", listed.status);
    let mut findings = Vec::new();
    for name in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        // A picture or a deleted file has no lines.
        if let Ok(text) = fs::read_to_string(root().join(name)) {
            findings.extend(judge(name, &text).into_iter().map(|finding| format!("{name}: {finding}")));
        }
    }
    locks(&mut findings)?;
    if !findings.is_empty() {
        bail!("{} findings\n{}", findings.len(), findings.join("\n"));
    }
    Ok(())
}

/// What is wrong with one file.
fn judge(name: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let path = Path::new(name);
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if extension == "rs" && !text.starts_with("//!") {
        findings.push("opens with no `//!` that says what the module is for".to_owned());
    }
    let lines = text.lines().count();
    if WRITTEN.contains(&extension) && lines > MAX_LINES {
        findings.push(format!("{lines} lines, more than {MAX_LINES}"));
    }
    for part in path.iter().filter_map(|part| part.to_str()) {
        let stem = part.split('.').next().unwrap_or(part);
        if EMPTY_NAMES.contains(&stem) {
            findings.push(format!("the name {stem} says nothing"));
        }
    }
    for (number, line) in text.lines().enumerate() {
        for (first, second) in PLACES {
            if line.contains(&format!("{first}{second}")) {
                findings.push(format!("line {}: a place of one network or machine: {first}{second}", number + 1));
            }
        }
    }
    findings
}

/// Lock files pin versions and hashes; where a package is had from is the machine's business.
fn locks(findings: &mut Vec<String>) -> Result<()> {
    const INDEX: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock")?;
    for line in lock.lines().filter(|line| line.starts_with("source = ") && *line != INDEX) {
        findings.push(format!("Cargo.lock: {line}"));
    }
    for folder in ["xtask/npm/fonts", "xtask/npm/binaryen", "end2end", "interop/sdks"] {
        let name = format!("{folder}/package-lock.json");
        let lock = fs::read_to_string(root().join(&name)).with_context(|| name.clone())?;
        if lock.contains("\"resolved\"") {
            findings.push(format!("{name}: names where packages come from; write it with --omit-lockfile-registry-resolved"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_kind_of_untidiness() {
        let long = format!("//! x\n{}", "\n".repeat(MAX_LINES));
        let place = format!("curl https://{}{}/x", "registry.", "npmjs.org");
        let cases = [
            ("crates/a/src/lib.rs", "//! fine\n", None),
            ("crates/a/src/lib.rs", "fn main() {}\n", Some("opens with no")),
            ("crates/a/src/lib.rs", long.as_str(), Some("401 lines")),
            ("crates/a/src/utils/mod.rs", "//! x\n", Some("the name utils")),
            ("style/common.css", "", Some("the name common")),
            ("docs/x.md", place.as_str(), Some("line 1: a place")),
            ("docs/long.md", long.as_str(), None),
        ];
        for (name, text, expected) in cases {
            let findings = judge(name, text);
            match expected {
                None => assert_eq!(findings, Vec::<String>::new(), "{name}"),
                Some(words) => assert!(findings.len() == 1 && findings[0].contains(words), "{name}: {findings:?}"),
            }
        }
    }
}
