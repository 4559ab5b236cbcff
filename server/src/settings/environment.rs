//! `PILOTHOUSE__SECTION__KEY` laid over the file.

use toml::{Table, Value};

const PREFIX: &str = "PILOTHOUSE__";

/// The variables of ours among `variables`, by their place in the settings: `PILOTHOUSE__REGISTRY__0__ID` is `registry`, `0`, `id`.
pub(super) fn ours(variables: impl IntoIterator<Item = (String, String)>) -> Vec<(Vec<String>, String)> {
    let mut found: Vec<_> = variables
        .into_iter()
        .filter_map(|(name, value)| {
            let path = name.strip_prefix(PREFIX)?.split("__").map(str::to_lowercase).collect();
            Some((path, value))
        })
        .collect();
    found.sort();
    found
}

/// Lays `value` over the table at `path`. A value that reads as TOML (a number, a boolean, a list) is taken as such,
/// anything else as text. `Err`: the path goes through something that is no table or list.
pub(super) fn lay_over(table: &mut Table, path: &[String], value: &str) -> Result<(), ()> {
    let [section, rest @ ..] = path else { return Err(()) };
    if rest.is_empty() {
        table.insert(section.clone(), read(value));
        return Ok(());
    }
    let is_index = rest[0].parse::<usize>().is_ok();
    let empty = || if is_index { Value::Array(Vec::new()) } else { Value::Table(Table::new()) };
    match table.entry(section.clone()).or_insert_with(empty) {
        Value::Table(inner) => lay_over(inner, rest, value),
        Value::Array(items) => {
            let index: usize = rest[0].parse().map_err(|_| ())?;
            if index > items.len() || rest.len() < 2 {
                return Err(());
            }
            if index == items.len() {
                items.push(Value::Table(Table::new()));
            }
            match &mut items[index] {
                Value::Table(inner) => lay_over(inner, &rest[1..], value),
                _ => Err(()),
            }
        }
        _ => Err(()),
    }
}

fn read(value: &str) -> Value {
    let probe = format!("v = {value}");
    match probe.parse::<Table>() {
        Ok(mut table) if table.len() == 1 => table.remove("v").unwrap_or_else(|| Value::String(value.into())),
        _ => Value::String(value.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_laid_over_tables_and_lists() {
        let mut table: Table = "[server]\nport = 1\n[[registry]]\nid = \"a\"\n".parse().unwrap();
        let variables = [
            ("PILOTHOUSE__SERVER__PORT", "7171"),
            ("PILOTHOUSE__REGISTRY__0__ID", "b"),
            ("PILOTHOUSE__REGISTRY__1__ENDPOINTS", "[\"http://127.0.0.1:1\"]"),
            ("PILOTHOUSE_CONFIG", "passed over"),
        ];
        for (path, value) in ours(variables.map(|(name, value)| (name.into(), value.into()))) {
            lay_over(&mut table, &path, &value).unwrap();
        }
        assert_eq!(table["server"]["port"].as_integer(), Some(7171));
        assert_eq!(table["registry"][0]["id"].as_str(), Some("b"));
        assert_eq!(table["registry"][1]["endpoints"][0].as_str(), Some("http://127.0.0.1:1"));
        assert!(lay_over(&mut table, &["registry".into(), "9".into(), "id".into()], "x").is_err());
    }
}
