//! The Nacos adapter on what official servers of 2.5.1 and 3.0.3 answered.

mod nacos_support;

use std::fmt::Write;

use nacos_support::replay::Replay;
use nacos_support::{Watch, adapter, id, service_key, settings};
use pilothouse_model::{
    BeatSource, ConfigKey, ConfigOperation, Expected, Health, Instance, InstanceEdit, InstanceKey, LocalInstanceId, Namespace,
    RegistryKind, Revision, Scope, Service,
};
use pilothouse_registry::nacos::{NacosConfig, Plane};
use pilothouse_registry::{Registry, RegistryError};

const ORDERS: &str = "\
public DEFAULT_GROUP orders threshold Some(0.0) protection None ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 weight 3 Reported { healthy: true } Http [5000, 15000, 30000] {\"version\": \"1.2.1\", \"zone\": \"east-1\"}
  DEFAULT 10.0.0.4:8084 weight 0 Reported { healthy: false } Http [5000, 15000, 30000] {}
  gz 10.0.0.2:8082 weight 1 Reported { healthy: true } Http [5000, 15000, 30000] {ZONE2}
  gz 10.0.0.3:8083 weight 0.5 Reported { healthy: true } Http [5000, 15000, 30000] {\"zone\": \"gz-3\"}
";

const PROTECTED: &str = "\
pt DEFAULT_GROUP pt-04 threshold Some(0.4) protection None ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 dead
  DEFAULT 10.0.0.2:8082 alive
pt DEFAULT_GROUP pt-05 threshold Some(0.5) protection Some(ProtectThreshold) ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 dead, shown alive
  DEFAULT 10.0.0.2:8082 alive
pt DEFAULT_GROUP pt-06 threshold Some(0.6) protection Some(ProtectThreshold) ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 dead, shown alive
  DEFAULT 10.0.0.2:8082 alive
pt DEFAULT_GROUP pt-08 threshold Some(0.8) protection Some(ProtectThreshold) ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 dead, shown alive
  DEFAULT 10.0.0.2:8082 dead, shown alive
pt DEFAULT_GROUP pt-default threshold Some(0.0) protection None ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 dead
  DEFAULT 10.0.0.2:8082 dead
pt DEFAULT_GROUP pt-zero threshold Some(0.0) protection Some(ProtectThreshold) ephemeral Some(true)
  DEFAULT 10.0.0.1:8081 dead, shown alive
  DEFAULT 10.0.0.2:8082 dead, shown alive
";

fn config(url: &str, namespace: &str) -> NacosConfig {
    let mut config = settings(RegistryKind::Nacos, url);
    config.namespaces = Some(vec![namespace.to_owned()]);
    config
}

async fn listed(config: NacosConfig, instance: impl Fn(&Instance) -> String) -> String {
    let (mut services, mut instances) = Watch::start(&adapter(config)).listed().await;
    services.sort_by(|a, b| a.key.cmp(&b.key));
    instances.sort_by(|a, b| a.key.cmp(&b.key));
    let mut text = String::new();
    for Service { key, protect_threshold, protection, ephemeral, .. } in services {
        let Scope { namespace, group, .. } = &key.scope;
        writeln!(
            text,
            "{namespace} {group} {} threshold {protect_threshold:?} protection {protection:?} ephemeral {ephemeral:?}",
            key.name
        )
        .unwrap();
        for found in instances.iter().filter(|instance| instance.key.service == key) {
            writeln!(text, "  {} {} {}", found.key.cluster, found.key.instance, instance(found)).unwrap();
        }
    }
    text
}

fn in_full(instance: &Instance) -> String {
    let rules = [instance.heartbeat.interval_ms, instance.heartbeat.unhealthy_after_ms, instance.heartbeat.removed_after_ms];
    let rules: Vec<_> = rules.into_iter().flatten().collect();
    format!("weight {} {:?} {:?} {rules:?} {:?}", instance.weight, instance.health, instance.heartbeat.via, instance.metadata)
}

fn health(instance: &Instance) -> String {
    let dead = if instance.health.healthy() == Some(false) { "dead" } else { "alive" };
    let shown = if matches!(instance.health, Health::Overridden { .. }) { ", shown alive" } else { "" };
    format!("{dead}{shown}")
}

#[tokio::test]
async fn services_and_instances_of_every_plane() {
    let (v2, v3) = (Replay::start("2.5.1").await, Replay::start("3.0.3").await);
    let with_zone = |zone: &str| ORDERS.replace("{ZONE2}", zone);
    let on_v1 = listed(config(&v2.url(), ""), in_full).await;
    assert_eq!(on_v1, with_zone("{\"version\": \"1.3.0\", \"zone\": \"gz-2\"}"));
    let on_admin = listed(config(&v3.url(), "public"), in_full).await;
    assert_eq!(on_admin, with_zone("{\"zone\": \"gz-2\"}"));
    // The console plane tells no clients, so not who sends beats.
    let on_console = listed(config(&v3.origin, "public"), in_full).await;
    assert_eq!(on_console, with_zone("{\"zone\": \"gz-2\"}").replace("Http [5000, 15000, 30000]", "Client []"));
}

#[tokio::test]
async fn protection_is_told_only_where_health_is_rewritten() {
    let v2 = Replay::start("2.5.1").await;
    assert_eq!(listed(config(&v2.url(), "pt"), health).await, PROTECTED);
    let v3 = Replay::start("3.0.3").await;
    // This list was recorded with its empty service: 0 of 0 is not protected, whatever the flag of the list says.
    let empty = "pt DEFAULT_GROUP pt-empty threshold Some(0.5) protection None ephemeral Some(true)\n";
    let (before, zero) = PROTECTED.split_at(PROTECTED.find("pt DEFAULT_GROUP pt-zero").unwrap());
    assert_eq!(listed(config(&v3.url(), "pt"), health).await, format!("{before}{empty}{zero}"));
    for asked in v2.asked().iter().chain(&v3.asked()) {
        // Only where a threshold of zero is reached does the consumers' list have a say.
        if asked.ask.ends_with("/v1/ns/instance/list") {
            let service = &asked.parameters["serviceName"];
            assert!(["DEFAULT_GROUP@@pt-default", "DEFAULT_GROUP@@pt-zero"].contains(&service.as_str()), "{service}");
        }
    }
}

#[tokio::test]
async fn the_plane_is_found_by_asking() {
    let (v2, v3) = (Replay::start("2.5.1").await, Replay::start("3.0.3").await);
    let cases =
        [(v2.url(), Some("Nacos 2.5.1"), true), (v3.url(), Some("Nacos 3.0.3"), true), (v3.origin.clone(), Some("Nacos 3.0.3"), false)];
    for (url, version, deregister) in cases {
        let registry = adapter(settings(RegistryKind::Nacos, &url));
        assert_eq!(registry.report().version, None, "nothing was asked yet");
        registry.service(&service_key("", "DEFAULT_GROUP", "orders")).await.unwrap();
        assert_eq!(registry.report().version.as_deref(), version, "{url}");
        let capabilities = registry.capabilities();
        assert_eq!(capabilities.instances.deregister, deregister);
        assert_eq!(capabilities.beats, if deregister { BeatSource::PerInstance } else { BeatSource::Never });
    }
    let mut wrong = settings(RegistryKind::Nacos, &v2.url());
    wrong.plane = Some(Plane::V3Admin);
    let error = adapter(wrong).service(&service_key("", "G", "x")).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotThisRegistry { .. }), "{error}");
}

#[tokio::test]
async fn a_server_without_its_console_module_has_public_alone() {
    let replay = Replay::with("2.5.1", |asked| {
        let gone = asked.ask.contains("/console/");
        let metrics = asked.ask.ends_with("/v1/ns/operator/metrics");
        gone.then(|| (404, r#"{"status":404,"error":"Not Found"}"#.into())).or_else(|| metrics.then(|| (200, r#"{"status":"UP"}"#.into())))
    })
    .await;
    let (services, instances) = Watch::start(&adapter(settings(RegistryKind::Nacos, &replay.url()))).listed().await;
    assert_eq!((services.len(), instances.len()), (1, 4));
    assert!(services[0].key.scope.namespace.is_public());
}

#[tokio::test]
async fn the_last_beat_is_the_clients() {
    for recording in ["2.5.1", "3.0.3"] {
        let replay = Replay::start(recording).await;
        let registry = adapter(config(&replay.url(), ""));
        Watch::start(&registry).listed().await;
        let beats = registry.beats(&service_key("", "DEFAULT_GROUP", "orders")).await.unwrap();
        let known: Vec<_> = beats.iter().map(|beat| (beat.cluster.as_str(), &*beat.instance.0, beat.last.0 > 1_700_000_000_000)).collect();
        assert_eq!(known, [("gz", "10.0.0.2:8082", true)], "{recording}: the others have no such client");
    }
}

fn config_key(data_id: &str) -> ConfigKey {
    ConfigKey { scope: service_key("", "DEFAULT_GROUP", "").scope, data_id: data_id.into() }
}

#[tokio::test]
async fn configs_as_they_are_stored() {
    for recording in ["2.5.1", "3.0.3"] {
        let replay = Replay::start(recording).await;
        let registry = adapter(config(&replay.url(), ""));
        let document = registry.config(&config_key("app.yaml")).await.unwrap().unwrap();
        assert_eq!(&*document.revision.0, "fd81278d1c78f6de98682269bb8107dc");
        assert_eq!((document.content.as_str(), document.format.as_deref()), ("server:\n  port: 8080\n名称: 订单\n", Some("yaml")));
        assert_eq!(registry.config(&config_key("none")).await.unwrap(), None);

        let page = registry.configs(&Namespace::new(""), None).await.unwrap();
        assert_eq!(page.heads.len(), 3);
        assert_eq!(page.heads[0].key, config_key("app.yaml"));
        assert_eq!(page.heads[0].revision, Some(document.revision), "{recording}: computed where the list has none");

        let history = registry.config_history(&config_key("hist.txt"), 10).await.unwrap();
        let rows: Vec<_> = history.iter().map(|row| (row.operation, row.content.as_deref().unwrap())).collect();
        use ConfigOperation::{Create, Delete, Update};
        assert_eq!(rows, [(Delete, "v3"), (Update, "v2"), (Update, "v1"), (Create, "v1")], "{recording}: contents from before the change");
        assert!(history.iter().all(|row| row.at.0 > 1_700_000_000_000), "not 2010: {history:?}");

        let listeners = registry.config_listeners(&config_key("lp.txt")).await.unwrap();
        assert_eq!(listeners.iter().map(|l| (l.client.as_str(), l.revision.is_some())).collect::<Vec<_>>(), [("127.0.0.1", true)]);

        let beta = registry.beta(&config_key("gray.txt")).await.unwrap().unwrap();
        assert_eq!((beta.addresses, beta.document.content.as_str()), (vec!["127.0.0.1".to_owned(), "10.0.0.5".to_owned()], "beta content"));
        assert_eq!(registry.beta(&config_key("none")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_conflict_names_what_is_there() {
    for recording in ["2.5.1", "3.0.3"] {
        let replay = Replay::start(recording).await;
        let registry = adapter(config(&replay.url(), ""));
        let present = Revision("fd81278d1c78f6de98682269bb8107dc".into());
        let conflict = |outcome: Result<Revision, RegistryError>| match outcome {
            Err(RegistryError::Conflict { current }) => current,
            other => panic!("{recording}: {other:?}"),
        };
        let key = config_key("app.yaml");
        let publish = if recording == "2.5.1" { "POST /nacos/v1/cs/configs" } else { "POST /nacos/v3/admin/cs/config" };
        assert_eq!(conflict(registry.put_config(&key, "x", None, &Expected::Absent).await), Some(present.clone()));
        assert_eq!(
            conflict(registry.put_config(&key, "x", None, &Expected::Present(Revision("other".into()))).await),
            Some(present.clone())
        );
        assert_eq!(conflict(registry.put_config(&config_key("none"), "x", None, &Expected::Present(present.clone())).await), None);
        assert_eq!(replay.count(publish), 0, "found before anything was sent");
        // The server itself says no: someone was faster.
        assert_eq!(conflict(registry.put_config(&key, "x", None, &Expected::Present(present.clone())).await), Some(present.clone()));
        let sent = replay.asked().into_iter().find(|asked| asked.ask == publish).unwrap();
        assert_eq!(sent.headers["casmd5"], *present.0, "as a header: as a parameter it is ignored");
        assert_eq!(sent.parameters["type"], "yaml", "what a publish would reset is sent again");
        assert_eq!(sent.parameters["desc"], "main config");
        let deleted = registry.delete_config(&key, &Revision("other".into())).await;
        assert!(matches!(deleted, Err(RegistryError::Conflict { current: Some(_) })), "{deleted:?}");
    }
}

#[tokio::test]
async fn an_edit_sends_weight_and_enabled_together() {
    let key = InstanceKey {
        service: service_key("", "DEFAULT_GROUP", "orders"),
        cluster: "gz".into(),
        instance: LocalInstanceId("10.0.0.3:8083".into()),
    };
    let off = InstanceEdit { enabled: Some(false), ..InstanceEdit::default() };
    for (recording, ask) in [("2.5.1", "PATCH /nacos/v1/ns/instance"), ("3.0.3", "PUT /nacos/v3/admin/ns/instance/partial")] {
        let replay = Replay::with(recording, move |asked| (asked.ask == ask).then(|| (200, "ok".into()))).await;
        adapter(config(&replay.url(), "")).edit_instance(&key, &off).await.unwrap();
        let sent = replay.asked().into_iter().find(|asked| asked.ask == ask).unwrap().parameters;
        let fields: Vec<_> = ["ip", "port", "clusterName", "weight", "enabled", "ephemeral"].map(|name| sent[name].as_str()).into();
        assert_eq!(fields, ["10.0.0.3", "8083", "gz", "0.5", "false", "true"]);
        assert!(!sent.contains_key("metadata"), "{sent:?}");
    }
    // Where nothing can be patched, the whole instance is put.
    let replay = Replay::with("2.5.1", |asked| match asked.ask.as_str() {
        "PATCH /nacos/v1/ns/instance" => Some((405, "Request method 'PATCH' not supported".into())),
        "PUT /nacos/v1/ns/instance" => Some((200, "ok".into())),
        _ => None,
    })
    .await;
    adapter(config(&replay.url(), "")).edit_instance(&key, &off).await.unwrap();
    let sent = replay.asked().into_iter().find(|asked| asked.ask == "PUT /nacos/v1/ns/instance").unwrap().parameters;
    assert_eq!((sent["metadata"].as_str(), sent["weight"].as_str()), (r#"{"zone":"gz-3"}"#, "0.5"));
    let stranger = InstanceKey { instance: LocalInstanceId("10.0.0.9:1".into()), ..key };
    let error = adapter(config(&replay.url(), "")).edit_instance(&stranger, &off).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotFound(_)), "Nacos itself would say ok: {error}");
    assert_eq!(id(), stranger.service.scope.registry);
}
