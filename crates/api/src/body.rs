//! How [`Body`] is read off the wire.
//!
//! What serde derives for an enum that holds its tag among its fields reads everything into a tree of values first, then the tree
//! into the rows, and so every row can be read twice over: once from JSON, once from a tree. In the browser that was a tenth of what
//! a first visit loads. Here `kind` has to stand first, where the server writes it, and the rows are read once.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::Body;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Totals,
    Registries,
    Services,
    TooMany,
    Service,
    Ledger,
    Horizon,
}

#[derive(PartialEq, Eq, serde::Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Field {
    Kind,
    Totals,
    Upsert,
    Remove,
    Total,
    Answer,
    Rows,
    Horizon,
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of a frame, with its `kind` first")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        let Some(Field::Kind) = map.next_key()? else { return Err(A::Error::custom("`kind` does not stand first")) };
        Ok(match map.next_value()? {
            Kind::Totals => Body::Totals { totals: only(&mut map, &Field::Totals, "totals")? },
            Kind::Registries => Body::Registries { upsert: only(&mut map, &Field::Upsert, "upsert")? },
            Kind::Services => {
                let (mut upsert, mut remove) = (None, Vec::new());
                while let Some(field) = map.next_key()? {
                    match field {
                        Field::Upsert => upsert = Some(map.next_value()?),
                        Field::Remove => remove = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Body::Services { upsert: upsert.ok_or_else(|| A::Error::missing_field("upsert"))?, remove }
            }
            Kind::TooMany => Body::TooMany { total: only(&mut map, &Field::Total, "total")? },
            Kind::Service => Body::Service { answer: only(&mut map, &Field::Answer, "answer")? },
            Kind::Ledger => Body::Ledger { rows: only(&mut map, &Field::Rows, "rows")? },
            Kind::Horizon => Body::Horizon { horizon: only(&mut map, &Field::Horizon, "horizon")? },
        })
    }
}

/// The value of the one field that is wanted.
fn only<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A, wanted: &Field, name: &'static str) -> Result<T, A::Error> {
    let mut found = None;
    while let Some(field) = map.next_key::<Field>()? {
        if field == *wanted {
            found = Some(map.next_value()?);
        } else {
            map.next_value::<IgnoredAny>()?;
        }
    }
    found.ok_or_else(|| A::Error::missing_field(name))
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{ServiceId, fingerprint};

    use super::*;

    #[test]
    fn every_kind_is_read_as_it_was_written() {
        let bodies = [
            Body::Totals { totals: crate::Totals::default() },
            Body::Registries { upsert: Vec::new() },
            Body::Services { upsert: Vec::new(), remove: Vec::new() },
            Body::Services { upsert: Vec::new(), remove: vec![ServiceId(fingerprint([b"x".as_slice()]))] },
            Body::TooMany { total: 3 },
            Body::Service { answer: None },
            Body::Ledger { rows: Vec::new() },
            Body::Horizon { horizon: crate::Horizon::default() },
        ];
        for body in bodies {
            let text = serde_json::to_string(&body).unwrap();
            assert!(text.starts_with(r#"{"kind":"#), "{text}");
            assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), body, "{text}");
        }
    }

    #[test]
    fn what_a_newer_server_adds_is_passed_over_and_what_is_missing_is_named() {
        assert_eq!(serde_json::from_str::<Body>(r#"{"kind":"tooMany","new":[1],"total":3}"#).unwrap(), Body::TooMany { total: 3 });
        for (text, words) in [
            (r#"{"kind":"tooMany"}"#, "missing field `total`"),
            (r#"{"kind":"services","remove":[]}"#, "missing field `upsert`"),
            (r#"{"total":3,"kind":"tooMany"}"#, "does not stand first"),
        ] {
            let error = serde_json::from_str::<Body>(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
