//! Values that Nacos writes in more than one way.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A number, or a number in a text. What is no finite number ("NaN", which Nacos accepts as a weight) becomes 0.
pub(super) fn weight<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number| number.is_finite()).unwrap_or(0.0))
}

/// A map of texts; absent and `null` are empty, other values are kept in their JSON spelling.
pub(super) fn metadata<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let map = Option::<BTreeMap<String, Value>>::deserialize(from)?.unwrap_or_default();
    let text = |value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Ok(map.into_iter().map(|(key, value)| (key, text(value))).collect())
}

/// `null` as the type's default.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// `true`, or `"true"`.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Bool(flag) => flag,
        Value::String(text) => text == "true",
        _ => false,
    })
}

/// Milliseconds, or an ISO 8601 time; 0 where neither can be read.
pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_i64().unwrap_or(0),
        Value::String(text) => text.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond),
        _ => 0,
    })
}

/// An id that is a number in one version and a text in another.
pub(super) fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    })
}
