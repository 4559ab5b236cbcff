//! Metadata as clients send it: a JSON object of strings, or `a=b,c=d`.

use crate::http::call::Call;
use crate::http::check;
use crate::http::refusal::Refusal;
use crate::naming::Metadata;

/// The metadata of a request, if it sent any.
pub(super) fn metadata(call: &Call) -> Result<Option<Metadata>, Refusal> {
    let Some(text) = call.filled("metadata") else { return Ok(None) };
    let metadata = parse(text).ok_or_else(|| Refusal::Metadata(text.to_owned()))?;
    check::metadata(&metadata)?;
    Ok(Some(metadata))
}

fn parse(text: &str) -> Option<Metadata> {
    if text.starts_with('{') {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        return object.into_iter().map(|(key, value)| scalar(value).map(|value| (key, value))).collect();
    }
    let pairs = text.split(',').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            pair.split_once('=').filter(|(_, value)| !value.contains('=')).map(|(key, value)| (key.to_owned(), Some(value.to_owned())))
        })
        .collect()
}

/// Numbers and flags are taken as their text, lists and objects are not taken.
fn scalar(value: serde_json::Value) -> Option<Option<String>> {
    use serde_json::Value;
    match value {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(text)),
        Value::Number(_) | Value::Bool(_) => Some(Some(value.to_string())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings() {
        let pairs = |pairs: &[(&str, Option<&str>)]| {
            Some(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned))).collect::<Metadata>())
        };
        for (text, expected) in [
            (r#"{"a":"1","k":null}"#, pairs(&[("a", Some("1")), ("k", None)])),
            (r#"{"n":1,"b":true}"#, pairs(&[("n", Some("1")), ("b", Some("true"))])),
            (r#"{"o":{"x":1}}"#, None),
            ("[1]", None),
            ("{", None),
            ("a=b,c=d", pairs(&[("a", Some("b")), ("c", Some("d"))])),
            ("a=", pairs(&[("a", Some(""))])),
            ("not json", None),
            ("a=b=c", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
