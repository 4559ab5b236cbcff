//! The style sheet: the files of `style/` one after another, in the order `style/order.txt` names them.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, ensure};

/// Concatenates. Every `.css` file of the folder must be in the order, once, and every line of the order must be a file.
pub(crate) fn concatenate(dir: &Path) -> Result<String> {
    let order = fs::read_to_string(dir.join("order.txt")).context("style/order.txt")?;
    let names: Vec<&str> = order.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".css") {
            files.insert(name);
        }
    }
    let mut sheet = String::new();
    for name in names {
        ensure!(files.remove(name), "style/order.txt names {name}, which is not a file of style/ or is named twice");
        sheet.push_str(&fs::read_to_string(dir.join(name))?);
        sheet.push('\n');
    }
    ensure!(files.is_empty(), "style/order.txt does not name {files:?}");
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_order_and_refuses_gaps() {
        let cases = [
            ("# first\nb.css\n\na.css\n", Ok("b{}\na{}\n")),
            ("a.css\n", Err("does not name {\"b.css\"}")),
            ("a.css\nb.css\nc.css\n", Err("names c.css")),
            ("a.css\na.css\nb.css\n", Err("names a.css")),
        ];
        for (order, expected) in cases {
            let dir = tempfile::tempdir().unwrap();
            for (name, text) in [("a.css", "a{}"), ("b.css", "b{}"), ("order.txt", order)] {
                fs::write(dir.path().join(name), text).unwrap();
            }
            match (concatenate(dir.path()), expected) {
                (Ok(sheet), Ok(text)) => assert_eq!(sheet, text),
                (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
                (got, _) => panic!("{order:?}: {got:?}"),
            }
        }
    }
}
