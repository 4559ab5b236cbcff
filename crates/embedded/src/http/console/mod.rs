//! What consoles ask: namespaces, the server's state and health, the cluster (of one).

mod cluster;
mod namespaces;
mod server;

use axum::Router;
use axum::routing::get;

use super::App;
use super::plane::{Plane, on};

pub(super) fn routes() -> Router<App> {
    use Plane::{ConfigV2 as V2, ConsoleV1 as V1};
    Router::new()
        .route(
            "/v1/console/namespaces",
            get(on(V1, namespaces::get_v1))
                .post(on(V1, namespaces::create_v1))
                .put(on(V1, namespaces::update_v1))
                .delete(on(V1, namespaces::delete_v1)),
        )
        .route("/v2/console/namespace/list", get(on(V2, namespaces::list_v2)))
        .route(
            "/v2/console/namespace",
            get(on(V2, namespaces::get_v2))
                .post(on(V2, namespaces::create_v2))
                .put(on(V2, namespaces::update_v2))
                .delete(on(V2, namespaces::delete_v2)),
        )
        .route("/v1/console/server/state", get(on(V1, server::state)))
        .route("/v1/console/health/liveness", get(on(V1, server::health_v1)))
        .route("/v1/console/health/readiness", get(on(V1, server::health_v1)))
        .route("/v2/console/health/liveness", get(on(V2, server::health_v2)))
        .route("/v2/console/health/readiness", get(on(V2, server::health_v2)))
        .route("/actuator/health", get(on(V1, server::actuator)))
        .route("/v1/core/cluster/nodes", get(on(V1, cluster::nodes)))
        .route("/v2/core/cluster/node/list", get(on(V2, cluster::nodes)))
        .route("/v1/core/cluster/self", get(on(V1, cluster::this)))
        .route("/v2/core/cluster/node/self", get(on(V2, cluster::this)))
        .route("/v1/core/cluster/health", get(on(V1, cluster::health)))
        .route("/v2/core/cluster/node/self/health", get(on(V2, cluster::health)))
}
