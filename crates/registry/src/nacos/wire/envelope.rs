//! The wrapping of v2 and v3 answers.

use serde::{Deserialize, Serialize};

/// `{code, message, data}`; 0 is success (200 in some of v1).
#[derive(Debug, Deserialize)]
pub(in super::super) struct Envelope<T> {
    pub(in super::super) code: i64,
    #[serde(default)]
    pub(in super::super) message: Option<String>,
    #[serde(default = "Option::default")]
    pub(in super::super) data: Option<T>,
}

/// A page of v3.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Page<T> {
    #[serde(default)]
    pub(in super::super) total_count: usize,
    pub(in super::super) page_items: Vec<T>,
}

/// Codes by which v2 and v3 say that something is not there, whatever the HTTP status.
const MISSING: [i64; 4] = [20_004, 21_003, 21_008, 22_001];

/// Whether an answer says "not there": a 404 in Nacos' own words, or one of its codes. A 404 of something else (a proxy,
/// a path this version does not have) is not that.
pub(in super::super) fn is_missing(status: u16, body: &str) -> bool {
    let code = serde_json::from_str::<Envelope<serde_json::Value>>(body).ok().map(|envelope| envelope.code);
    match code {
        Some(code) if MISSING.contains(&code) => true,
        Some(_) | None => status == 404 && ["is not found", "not found!", "not exist"].iter().any(|words| body.contains(words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_there_is_told_in_many_ways() {
        for (status, body) in [
            (404, "service DEFAULT_GROUP@@orders is not found!"),
            (404, "cluster gz is not found!"),
            (404, "caused: clientId [ nope ] not exist;"),
            (404, r#"{"code":30000,"message":"server error","data":"service DEFAULT_GROUP@@orders is not found!"}"#),
            (404, r#"{"code":20004,"message":"resource not found","data":"Config is not in beta."}"#),
            (404, "config data not exist\n"),
            (400, r#"{"code":21008,"message":"service not exist","data":"x"}"#),
            (200, r#"{"code":20004,"message":"resource not found","data":null}"#),
        ] {
            assert!(is_missing(status, body), "{body}");
        }
        for (status, body) in [
            (200, r#"{"code":0,"message":"success","data":[]}"#),
            (
                404,
                r#"{"timestamp":"2026-11-21T09:47:58.664+00:00","status":404,"error":"Not Found","path":"/nacos/v3/console/server/state"}"#,
            ),
            (404, "<!doctype html>"),
            (500, "caused: User nacos not found;"),
        ] {
            assert!(!is_missing(status, body), "{body}");
        }
    }
}
