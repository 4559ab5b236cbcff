//! How a page gets its data: from the server's [`PageSource`] while rendering there, from `/api/v1` in the browser.

#[cfg(not(feature = "ssr"))]
mod fetch;
#[cfg(feature = "ssr")]
mod source;

use pilothouse_api::{
    DeregisterRequest, EditAnswer, EditRequest, LedgerAnswer, LedgerQuery, LedgerShow, OverviewAnswer, Problem, RegistriesAnswer,
    ServiceAnswer, ServiceFilter, ServicesAnswer,
};
#[cfg(not(feature = "ssr"))]
use pilothouse_api::{Session, TopicsRequest};
use pilothouse_model::{Fingerprint, ServiceId};

#[cfg(feature = "csr")]
pub(crate) use fetch::cookie;
#[cfg(feature = "ssr")]
pub use source::{PageSource, PageStatus};

/// What every load gives: the answer, or what went wrong.
pub(crate) type Loaded<T> = Result<T, Problem>;

/// Data of the Overview page.
pub(crate) async fn load_overview() -> Loaded<OverviewAnswer> {
    #[cfg(feature = "ssr")]
    return source::page_source()?.overview().await;
    #[cfg(not(feature = "ssr"))]
    fetch::get("overview").await
}

/// One page of services. `cursor` is `next` of the page before.
pub(crate) async fn load_services(filter: ServiceFilter, cursor: Option<String>) -> Loaded<ServicesAnswer> {
    #[cfg(feature = "ssr")]
    return source::page_source()?.services(&filter, cursor.as_deref()).await;
    #[cfg(not(feature = "ssr"))]
    {
        let mut pairs = filter.to_pairs();
        pairs.extend(cursor.map(|cursor| ("cursor", cursor)));
        let query = crate::place::encode(pairs.iter().map(|(name, value)| (*name, value.as_str())));
        fetch::get(&format!("services{query}")).await
    }
}

/// One service with its instances.
pub(crate) async fn load_service(id: ServiceId) -> Loaded<ServiceAnswer> {
    #[cfg(feature = "ssr")]
    return source::page_source()?.service(id).await;
    #[cfg(not(feature = "ssr"))]
    fetch::get(&format!("services/{id}")).await
}

/// Every registry.
pub(crate) async fn load_registries() -> Loaded<RegistriesAnswer> {
    #[cfg(feature = "ssr")]
    return source::page_source()?.registries().await;
    #[cfg(not(feature = "ssr"))]
    fetch::get("registries").await
}

/// One page of the ledger.
pub(crate) async fn load_ledger(query: LedgerQuery) -> Loaded<LedgerAnswer> {
    #[cfg(feature = "ssr")]
    return source::page_source()?.ledger(&query).await;
    #[cfg(not(feature = "ssr"))]
    fetch::get(&format!("ledger{}", ledger_query(&query))).await
}

/// Who is at the wheel; an error of status 401 or 403: nobody who may. Browser only.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn load_session() -> Loaded<Session> {
    fetch::get("session").await
}

/// Changes an instance. Browser only: on the server it answers with a problem.
pub(crate) async fn edit_instance(id: Fingerprint, request: &EditRequest) -> Loaded<EditAnswer> {
    send("POST", &format!("instances/{id}/edit"), request).await
}

/// Takes an instance out of its registry. Browser only: on the server it answers with a problem.
pub(crate) async fn deregister_instance(id: Fingerprint, request: &DeregisterRequest) -> Loaded<EditAnswer> {
    send("POST", &format!("instances/{id}/deregister"), request).await
}

/// Changes what an open stream follows. Browser only.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn put_topics(stream: &str, request: &TopicsRequest) -> Loaded<()> {
    send("PUT", &format!("stream/{stream}/topics"), request).await
}

#[cfg(not(feature = "ssr"))]
async fn send<B: serde::Serialize, T: serde::de::DeserializeOwned>(method: &str, path: &str, body: &B) -> Loaded<T> {
    fetch::send(method, path, body).await
}

#[cfg(feature = "ssr")]
#[expect(clippy::unused_async, reason = "the same signature as in the browser")]
async fn send<B: serde::Serialize, T: serde::de::DeserializeOwned>(method: &str, path: &str, _body: &B) -> Loaded<T> {
    let code = pilothouse_api::ProblemCode::Internal;
    Err(Problem::new(500, code, "nothing is written while a page is rendered", format!("{method} {path} belongs to the browser")))
}

/// A ledger query as the query of a URL, with its `?`; empty for no query. Also what stands in the Ledger page's URL.
pub(crate) fn ledger_query(query: &LedgerQuery) -> String {
    let LedgerQuery { since, until, registry, service, host, to, text, show, cursor, limit } = query;
    let pairs = [
        ("cursor", cursor.clone()),
        ("host", host.clone()),
        ("limit", limit.map(|limit| limit.to_string())),
        ("registry", registry.as_ref().map(ToString::to_string)),
        ("service", service.map(|service| service.to_string())),
        ("show", (*show == LedgerShow::Edits).then(|| "edits".to_owned())),
        ("since", since.map(|since| since.0.to_string())),
        ("text", text.clone()),
        ("to", to.map(|to| to.slug().to_owned())),
        ("until", until.map(|until| until.0.to_string())),
    ];
    crate::place::encode(pairs.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))))
}

#[cfg(test)]
mod tests {
    use pilothouse_model::{Liveness, Millis};

    use super::*;

    #[test]
    fn a_ledger_query_leaves_out_what_is_not_asked() {
        assert_eq!(ledger_query(&LedgerQuery::default()), "");
        let query = LedgerQuery {
            since: Some(Millis(5)),
            to: Some(Liveness::Late),
            text: Some("a b".into()),
            show: LedgerShow::Edits,
            ..LedgerQuery::default()
        };
        let text = ledger_query(&query);
        for part in ["since=5", "to=late", "text=a%20b", "show=edits"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("limit") && text.starts_with('?'));
    }
}
