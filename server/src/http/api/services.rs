//! Services.

use axum::extract::{Path, RawQuery, State};
use axum::{Extension, Json};
use pilothouse_api::{Problem, ServiceAnswer, ServiceFilter, ServicesAnswer};
use pilothouse_console::Rights;
use pilothouse_model::ServiceId;

use crate::http::{AppState, ProblemAnswer};

/// One page of services, filtered and sorted.
#[utoipa::path(get, path = "/api/v1/services", tag = "fleet",
    params(("q" = Option<String>, Query, description = "words that name, namespace, group or registry must contain"),
           ("state" = Option<String>, Query, description = "comma-separated: up, returned, drained, protected, unknown, flapping, late, unhealthy, removed"),
           ("registry" = Option<String>, Query, description = "comma-separated ids"), ("namespace" = Option<String>, Query),
           ("zone" = Option<String>, Query), ("version" = Option<String>, Query, description = "a trailing * matches any rest"),
           ("via" = Option<String>, Query, description = "http, grpc, client, session, ttl, check, nothing"),
           ("healthy" = Option<u8>, Query, description = "fewer than this many percent healthy"),
           ("sort" = Option<String>, Query, description = "place, worst, name, healthy, latest"),
           ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000, 60 by default")),
    responses((status = 200, body = ServicesAnswer), (status = 400, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    RawQuery(query): RawQuery,
) -> Result<Json<ServicesAnswer>, ProblemAnswer> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let filter = ServiceFilter::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
    let find = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let limit = find("limit").map(|text| text.parse().map_err(|_| ProblemAnswer::invalid("limit", "a number from 1 to 1000 is allowed")));
    Ok(Json(state.console.services(&rights, &filter, find("cursor"), limit.transpose()?)?))
}

/// One service with its instances and ghosts.
#[utoipa::path(get, path = "/api/v1/services/{id}", tag = "fleet", params(("id" = String, Path, description = "sixteen hex digits, or the last part of the page's path")),
    responses((status = 200, body = ServiceAnswer), (status = 404, body = Problem)))]
pub(crate) async fn one(
    State(state): State<AppState>,
    Extension(rights): Extension<Rights>,
    Path(segment): Path<String>,
) -> Result<Json<ServiceAnswer>, ProblemAnswer> {
    let id = ServiceId::from_path_segment(&segment).ok_or_else(|| ProblemAnswer::invalid("id", "sixteen hex digits are expected"))?;
    Ok(Json(state.console.service(&rights, id)?))
}
