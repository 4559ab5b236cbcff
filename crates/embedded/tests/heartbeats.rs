//! What silence does to an instance, in Nacos' time and in no time.

mod support;

use serde_json::Value;
use support::Registry;

const ORDERS: &str = "serviceName=orders&ip=10.0.0.1&port=8081";

impl Registry {
    /// Health by the operator's view: `None` when the instance is gone.
    async fn health(&self, service: &str) -> Option<bool> {
        let answer =
            self.get(&format!("/nacos/v1/ns/catalog/instances?serviceName={service}&clusterName=DEFAULT&pageNo=1&pageSize=9")).await;
        (answer.status == 200).then(|| answer.json()["list"][0]["healthy"].as_bool().unwrap())
    }

    async fn beat(&self, form: &str) -> Value {
        self.send("PUT", "/nacos/v1/ns/instance/beat", form).await.json()
    }
}

#[tokio::test]
async fn unhealthy_after_15_s_and_gone_after_30_s_of_silence_at_the_next_sweep() {
    let registry = Registry::open();
    registry.send("POST", "/nacos/v1/ns/instance", ORDERS).await;
    for (passed, expected) in [(15_000, Some(true)), (5_000, Some(false)), (10_000, Some(false)), (5_000, None)] {
        registry.pass(passed).await;
        assert_eq!(registry.health("orders").await, expected, "after another {passed} ms");
    }
}

#[tokio::test]
async fn a_beat_heals_and_starts_the_silence_anew() {
    let registry = Registry::open();
    registry.send("POST", "/nacos/v1/ns/instance", ORDERS).await;
    registry.pass(20_000).await;
    assert_eq!(registry.health("orders").await, Some(false));
    assert_eq!(registry.beat(ORDERS).await["code"], 10200);
    assert_eq!(registry.health("orders").await, Some(true));
    registry.pass(15_000).await;
    assert_eq!(registry.health("orders").await, Some(true));
    registry.pass(5_000).await;
    assert_eq!(registry.health("orders").await, Some(false));
}

#[tokio::test]
async fn a_beat_of_an_unknown_instance_asks_to_register_unless_it_brings_all_of_it() {
    let registry = Registry::open();
    assert_eq!(registry.beat(ORDERS).await["code"], 20404);
    let full = r#"serviceName=orders&beat={"ip":"10.0.0.1","port":8081,"weight":2.0,"metadata":{"zone":"a"}}"#;
    assert_eq!(registry.beat(full).await["code"], 10200);
    let list = registry.get("/nacos/v1/ns/instance/list?serviceName=orders").await.json();
    assert_eq!(list["hosts"][0]["metadata"]["zone"], "a");
    assert_eq!(list["hosts"][0]["weight"], 2.0);
}

#[tokio::test]
async fn an_instance_sets_its_own_periods() {
    let registry = Registry::open();
    let metadata =
        r#"{"preserved.heart.beat.interval":"1000","preserved.heart.beat.timeout":"3000","preserved.ip.delete.timeout":"60000"}"#;
    let form = format!("{ORDERS}&metadata={metadata}");
    registry.send("POST", "/nacos/v1/ns/instance", &form).await;
    assert_eq!(registry.beat(ORDERS).await["clientBeatInterval"], 1000);
    registry.pass(5_000).await;
    assert_eq!(registry.health("orders").await, Some(false));
    // It heals, and its next deadline is the short one again, not the long one it was waiting for.
    registry.beat(ORDERS).await;
    registry.pass(5_000).await;
    assert_eq!(registry.health("orders").await, Some(false));
    registry.pass(50_000).await;
    assert_eq!(registry.health("orders").await, Some(false));
    registry.pass(10_000).await;
    assert_eq!(registry.health("orders").await, None);
}

#[tokio::test]
async fn last_beat_and_the_clients_update_time_move_with_every_beat() {
    let registry = Registry::open();
    registry.send("POST", "/nacos/v1/ns/instance", ORDERS).await;
    registry.clock.advance(4_321);
    let now = registry.clock.now();
    registry.beat(ORDERS).await;
    let catalog = registry.get("/nacos/v1/ns/catalog/instances?serviceName=orders&clusterName=DEFAULT&pageNo=1&pageSize=9").await.json();
    assert_eq!(catalog["list"][0]["lastBeat"], now);
    let client = registry.get("/nacos/v2/ns/client?clientId=10.0.0.1:8081%23true").await.json();
    assert_eq!(client["data"]["lastUpdatedTime"], now);
}

#[tokio::test]
async fn a_persistent_instance_does_not_age() {
    let registry = Registry::open();
    registry.send("POST", "/nacos/v1/ns/instance", "serviceName=db&ip=10.0.0.9&port=5432&ephemeral=false").await;
    registry.pass(120_000).await;
    assert_eq!(registry.health("db").await, Some(true));
}

#[tokio::test]
async fn an_operators_edit_outlives_a_deregistration_by_a_minute() {
    let registry = Registry::open();
    let weight = async || {
        let list = registry.get("/nacos/v1/ns/instance/list?serviceName=orders").await.json();
        list["hosts"][0]["weight"].as_f64()
    };
    registry.send("POST", "/nacos/v1/ns/instance", ORDERS).await;
    registry.send("PUT", "/nacos/v1/ns/instance", &format!("{ORDERS}&weight=7")).await;
    registry.send("DELETE", &format!("/nacos/v1/ns/instance?{ORDERS}"), "").await;
    registry.pass(30_000).await;
    registry.send("POST", "/nacos/v1/ns/instance", ORDERS).await;
    assert_eq!(weight().await, Some(7.0));
    registry.send("DELETE", &format!("/nacos/v1/ns/instance?{ORDERS}"), "").await;
    registry.pass(65_000).await;
    registry.send("POST", "/nacos/v1/ns/instance", ORDERS).await;
    assert_eq!(weight().await, Some(1.0));
}

#[tokio::test]
async fn protection_calls_everyone_healthy_for_clients_and_never_in_the_catalog() {
    // (created with a threshold, beating of two, protected)
    for (threshold, beating, protected) in [
        (None, 0, false),
        (Some("0"), 0, true),
        (Some("0.5"), 1, true),
        (Some("0.4"), 1, false),
        (Some("0.8"), 0, true),
        (Some("0"), 1, false),
    ] {
        let registry = Registry::open();
        if let Some(threshold) = threshold {
            registry.send("POST", "/nacos/v2/ns/service", &format!("serviceName=orders&ephemeral=true&protectThreshold={threshold}")).await;
        }
        for port in 0..2 {
            registry.send("POST", "/nacos/v1/ns/instance", &format!("serviceName=orders&ip=10.0.0.1&port={port}")).await;
        }
        registry.pass(10_000).await;
        for port in 0..beating {
            registry.beat(&format!("serviceName=orders&ip=10.0.0.1&port={port}")).await;
        }
        registry.pass(10_000).await;
        let case = format!("threshold {threshold:?}, {beating} of 2 beating");
        let list = registry.get("/nacos/v1/ns/instance/list?serviceName=orders").await.json();
        assert_eq!(list["reachProtectionThreshold"], protected, "{case}");
        let shown_healthy = list["hosts"].as_array().unwrap().iter().filter(|host| host["healthy"] == true).count();
        assert_eq!(shown_healthy, if protected { 2 } else { beating }, "{case}");
        let catalog = registry.get("/nacos/v1/ns/catalog/services?pageNo=1&pageSize=9").await.json();
        assert_eq!(catalog["serviceList"][0]["healthyInstanceCount"], beating, "{case}");
        let honest = registry.get("/nacos/v1/ns/instance/list?serviceName=orders&healthyOnly=true").await.json();
        assert_eq!(honest["hosts"].as_array().unwrap().len(), beating, "{case}");
    }
}
