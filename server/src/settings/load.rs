//! Reading settings, with errors that name the line, the field, and the nearest key.

use std::path::{Path, PathBuf};

use toml::Table;

use super::environment::{lay_over, ours};
use super::{Settings, validate};

/// Why settings were not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("{path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{path}, line {line}: {why}")]
    Malformed { path: PathBuf, line: usize, why: String },
    #[error("environment variable {name}: {why}")]
    Environment { name: String, why: String },
    #[error("{field}: {why}")]
    Invalid { field: String, why: String },
}

/// Reads the file, if there is one, and lays the environment over it.
pub(crate) fn load(path: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<Settings, SettingsError> {
    let text = match path {
        Some(path) => std::fs::read_to_string(path).map_err(|source| SettingsError::Unreadable { path: path.into(), source })?,
        None => String::new(),
    };
    let shown = path.unwrap_or(Path::new("settings"));
    let malformed =
        |error: &toml::de::Error| SettingsError::Malformed { path: shown.into(), line: line_of(&text, error), why: words(error) };
    // The file is read by itself first: only there errors have lines.
    let alone: Settings = toml::from_str(&text).map_err(|error| malformed(&error))?;
    let overrides = ours(variables);
    if overrides.is_empty() {
        validate::check(&alone)?;
        return Ok(alone);
    }
    let mut table: Table = toml::from_str(&text).map_err(|error| malformed(&error))?;
    for (place, value) in &overrides {
        let name = format!("PILOTHOUSE__{}", place.join("__").to_uppercase());
        lay_over(&mut table, place, value)
            .map_err(|()| SettingsError::Environment { name: name.clone(), why: "there is no such setting".into() })?;
    }
    let settings: Settings = table.try_into().map_err(|error: toml::de::Error| SettingsError::Environment {
        name: overrides.iter().map(|(place, _)| format!("PILOTHOUSE__{}", place.join("__").to_uppercase())).collect::<Vec<_>>().join(", "),
        why: words(&error),
    })?;
    validate::check(&settings)?;
    Ok(settings)
}

fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let end = error.span().map_or(0, |span| span.start.min(text.len()));
    text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The error in one sentence; for an unknown key with the nearest known one.
fn words(error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', " ");
    let Some(rest) = message.strip_prefix("unknown field `") else { return message };
    let mut quoted = rest.split('`').step_by(2);
    let Some(unknown) = quoted.next() else { return message };
    let known: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
    let nearest = known.iter().max_by(|a, b| strsim::jaro_winkler(unknown, a).total_cmp(&strsim::jaro_winkler(unknown, b)));
    match nearest {
        Some(nearest) => format!("there is no setting `{unknown}`; did you mean `{nearest}`? Allowed here: {}", known.join(", ")),
        None => format!("there is no setting `{unknown}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pilothouse.toml");
        std::fs::write(&path, text).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        load(Some(&path), variables).map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
    }

    const TEN_LINES: &str = r#"
[[registry]]
id = "nacos-prod"
kind = "nacos"
endpoints = ["http://10.0.0.1:8848/nacos", "http://10.0.0.2:8848/nacos"]

[[registry]]
id = "consul-west"
kind = "consul"
endpoints = ["http://10.0.1.1:8500"]
"#;

    #[test]
    fn ten_lines_connect_two_clusters() {
        let settings = read(TEN_LINES, &[]).unwrap();
        assert_eq!(settings.registry.len(), 2);
        assert_eq!(settings.registry[0].freshness_ms, 15_000);
    }

    #[test]
    fn environment_goes_over_the_file() {
        let settings = read(TEN_LINES, &[("PILOTHOUSE__SERVER__PORT", "7171"), ("PILOTHOUSE__REGISTRY__1__NAME", "West")]).unwrap();
        assert_eq!(settings.server.port, Some(7171));
        assert_eq!(settings.registry[1].name.as_deref(), Some("West"));
    }

    #[test]
    fn errors_name_line_field_and_what_is_allowed() {
        let cases = [
            ("[server]\nprot = 1\n", "pilothouse.toml, line 2: there is no setting `prot`; did you mean `port`?"),
            ("[servr]\n", "pilothouse.toml, line 1: there is no setting `servr`; did you mean `server`?"),
            ("[server]\nport = \"x\"\n", "pilothouse.toml, line 2: invalid type: string \"x\", expected u16"),
            ("[server\n", "pilothouse.toml, line 1: "),
            ("[[registry]]\nid = \"A\"\nkind = \"nacos\"\nendpoints = []\n", "line 2: `A` is not a registry id"),
            (
                "[[registry]]\nid = \"a\"\nkind = \"nakos\"\nendpoints = []\n",
                "line 3: unknown variant `nakos`, expected one of `embedded`, `nacos`, `consul`",
            ),
            ("[[registry]]\nid = \"a\"\nkind = \"nacos\"\nendpoints = []\n", "registry a, endpoints: at least one"),
            ("[[registry]]\nid = \"a\"\nkind = \"nacos\"\nendpoints = [\"x\"]\n", "registry a, endpoints: `x` is not an http or https URL"),
            (
                "[[registry]]\nid = \"a\"\nkind = \"nacos\"\nendpoints = [\"http://u:p@h\"]\n",
                "registry a, endpoints: credentials do not belong in a URL",
            ),
            (
                "[[registry]]\nid = \"a\"\nkind = \"nacos\"\nuser = \"u\"\nendpoints = [\"http://h\"]\n",
                "registry a, password: is needed with `user`",
            ),
            (
                "[[registry]]\nid = \"a\"\nkind = \"consul\"\nuser = \"u\"\nendpoints = [\"http://h\"]\n",
                "registry a, user: Consul has none",
            ),
            (
                "[[registry]]\nid = \"a\"\nkind = \"nacos\"\ntoken = \"hunter2\"\nendpoints = []\n",
                "line 4: a secret is written as env:NAME or file:PATH",
            ),
            ("[server]\nbind = \"0.0.0.0\"\n", "server.bind: without users the console listens on loopback only"),
            ("[server]\nbase_path = \"x/\"\n", "server.base_path: "),
        ];
        for (text, expected) in cases {
            let error = read(text, &[]).unwrap_err();
            assert!(error.contains(expected), "{text}\n{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        let error = read("", &[("PILOTHOUSE__SERVER__PRT", "1")]).unwrap_err();
        assert!(error.contains("PILOTHOUSE__SERVER__PRT") && error.contains("`port`"), "{error}");
        let twice = format!("{TEN_LINES}{}", TEN_LINES.replace("consul-west", "other"));
        assert!(read(&twice, &[]).unwrap_err().contains("registry nacos-prod: is there twice"));
    }
}
