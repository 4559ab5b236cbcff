//! Reading a [`Body`] in one pass.
//!
//! Its kind is written first, so that what follows can be read as what it is. A derived reader would not rely on that: it keeps the
//! whole body aside until it has seen the kind. That costs a second copy of every frame in memory, and a second reader of every type
//! in the browser bundle.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::Body;

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(KindFirst)
    }
}

struct KindFirst;

impl<'de> Visitor<'de> for KindFirst {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of a frame, its kind first")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        let kind: String = field(&mut map, "kind")?;
        let body = match kind.as_str() {
            "totals" => Body::Totals { totals: field(&mut map, "totals")? },
            "registries" => Body::Registries { upsert: field(&mut map, "upsert")? },
            "services" => {
                let upsert = field(&mut map, "upsert")?;
                // Left out when nothing is gone.
                let remove = map.next_entry::<String, _>()?.map_or_else(Vec::new, |(_, gone)| gone);
                Body::Services { upsert, remove }
            }
            "tooMany" => Body::TooMany { total: field(&mut map, "total")? },
            "service" => Body::Service { answer: field(&mut map, "answer")? },
            "ledger" => Body::Ledger { rows: field(&mut map, "rows")? },
            "horizon" => Body::Horizon { horizon: field(&mut map, "horizon")? },
            _ => return Err(Error::custom(format_args!("`{kind}` is no kind of body"))),
        };
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(body)
    }
}

/// The value of the next field, which must be this one.
fn field<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A, name: &'static str) -> Result<T, A::Error> {
    match map.next_key::<String>()? {
        Some(key) if key == name => map.next_value(),
        _ => Err(Error::missing_field(name)),
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_model::ServiceId;

    use super::*;
    use crate::{Horizon, Totals};

    #[test]
    fn what_is_written_is_read() {
        let gone: ServiceId = "0123456789abcdef".parse().unwrap();
        let bodies = [
            Body::Totals { totals: Totals::default() },
            Body::Registries { upsert: Vec::new() },
            Body::Services { upsert: Vec::new(), remove: Vec::new() },
            Body::Services { upsert: Vec::new(), remove: vec![gone] },
            Body::TooMany { total: 20_001 },
            Body::Service { answer: None },
            Body::Ledger { rows: Vec::new() },
            Body::Horizon { horizon: Horizon::default() },
        ];
        for body in bodies {
            let text = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), body, "{text}");
        }
    }

    #[test]
    fn what_no_body_says_is_refused() {
        for text in
            ["{}", r#"{"total":1,"kind":"tooMany"}"#, r#"{"kind":"tooMany"}"#, r#"{"kind":"other"}"#, r#"{"kind":"tooMany","total":"1"}"#]
        {
            assert!(serde_json::from_str::<Body>(text).is_err(), "{text}");
        }
        let text = r#"{"kind":"tooMany","total":1,"later":[{}]}"#;
        assert_eq!(serde_json::from_str::<Body>(text).unwrap(), Body::TooMany { total: 1 });
    }
}
