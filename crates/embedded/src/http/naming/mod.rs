//! Naming: `/v1/ns` and `/v2/ns`.

mod batch;
mod beat;
mod catalog;
mod client;
mod instance;
mod list;
mod metadata;
mod names;
mod operator;
mod service;
mod subscribers;

use axum::Router;
use axum::routing::{get, post, put};

use super::App;
use super::plane::{Plane, on};

pub(super) fn routes() -> Router<App> {
    use Plane::{NamingV1 as V1, NamingV2 as V2};
    let instance = |plane| {
        post(on(plane, instance::register))
            .put(on(plane, instance::update))
            .patch(on(plane, instance::patch))
            .delete(on(plane, instance::deregister))
            .get(on(plane, instance::detail))
    };
    let service = |plane| {
        post(on(plane, service::create)).put(on(plane, service::update)).delete(on(plane, service::delete)).get(on(plane, service::detail))
    };
    let batch = |plane| put(on(plane, batch::merge)).delete(on(plane, batch::remove));
    Router::new()
        .route("/v1/ns/instance", instance(V1))
        .route("/v2/ns/instance", instance(V2))
        .route("/v1/ns/instance/beat", put(on(V1, beat::beat)))
        .route("/v2/ns/instance/beat", put(on(V2, beat::beat)))
        .route("/v1/ns/instance/list", get(on(V1, list::list)))
        .route("/v2/ns/instance/list", get(on(V2, list::list)))
        .route("/v1/ns/instance/statuses", get(on(V1, list::statuses)))
        .route("/v1/ns/instance/metadata/batch", batch(V1))
        .route("/v2/ns/instance/metadata/batch", batch(V2))
        .route("/v1/ns/service", service(V1))
        .route("/v2/ns/service", service(V2))
        .route("/v1/ns/service/list", get(on(V1, service::list)))
        .route("/v2/ns/service/list", get(on(V2, service::list)))
        .route("/v1/ns/service/subscribers", get(on(V1, subscribers::of_service)))
        .route("/v1/ns/catalog/services", get(on(V1, catalog::services)))
        .route("/v1/ns/catalog/service", get(on(V1, catalog::service)))
        .route("/v1/ns/catalog/instances", get(on(V1, catalog::instances)))
        .route("/v2/ns/catalog/instances", get(on(V1, catalog::instances_v2)))
        .route("/v1/ns/operator/metrics", get(on(V1, operator::metrics)))
        .route("/v2/ns/operator/metrics", get(on(V2, operator::metrics)))
        .route("/v2/ns/client/list", get(on(V2, client::list)))
        .route("/v2/ns/client", get(on(V2, client::detail)))
        .route("/v2/ns/client/publish/list", get(on(V2, client::published)))
        .route("/v2/ns/client/subscribe/list", get(on(V2, client::subscribed)))
        .route("/v2/ns/client/service/publisher/list", get(on(V2, client::publishers)))
        .route("/v2/ns/client/service/subscriber/list", get(on(V2, client::subscribers)))
}
