//! Counts for operators.

use serde_json::json;

use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};

pub(super) async fn metrics(app: App, call: Call, plane: Plane) -> Outcome {
    if call.flag("onlyStatus", true) {
        return Ok(data(plane, &json!({ "status": "UP" })));
    }
    let naming = app.core.naming.read();
    let (services, instances) = naming.counts();
    let ephemeral = naming.clients().filter(|(_, ephemeral)| *ephemeral).count();
    let persistent = naming.clients().count() - ephemeral;
    let subscriptions = app.core.pushes.subscribers.lock().len();
    let mut metrics = json!({
        "status": "UP", "serviceCount": services, "instanceCount": instances, "subscribeCount": subscriptions,
        "clientCount": ephemeral + persistent, "connectionBasedClientCount": 0, "ephemeralIpPortClientCount": ephemeral,
        "persistentIpPortClientCount": persistent, "responsibleClientCount": ephemeral + persistent,
        "cpu": -1.0, "load": -1.0, "mem": -1.0,
    });
    if plane == Plane::NamingV1 {
        metrics["responsibleInstanceCount"] = instances.into();
    }
    Ok(data(plane, &metrics))
}
