//! The Nacos adapter against real servers that want users and passwords, which `cargo xtask interop` starts.
//!
//! `PILOTHOUSE_NACOS_2_3_USERS` and `PILOTHOUSE_NACOS_3_1_USERS` name them. A test whose server is not there says that it is skipped.

mod nacos_support;

use std::sync::Arc;
use std::time::Duration;

use nacos_support::{Client, Watch, adapter, service_key, settings};
use pilothouse_model::{InstanceEdit, InstanceKey, LocalInstanceId, Login, RegistryKind, SourceProblem};
use pilothouse_registry::nacos::NacosRegistry;
use pilothouse_registry::transport::Ask;
use pilothouse_registry::{Registry, RegistryError, Secret};
use tokio::time::Instant;

const SOON: Duration = Duration::from_secs(12);
/// Given to the first user, who has none until then.
const PASSWORD: &str = "nacos";

/// The servers that run, by version; each has the user `nacos`.
async fn servers() -> Vec<(&'static str, String)> {
    let mut running = Vec::new();
    for (version, variable) in [("2.3", "PILOTHOUSE_NACOS_2_3_USERS"), ("3.1", "PILOTHOUSE_NACOS_3_1_USERS")] {
        let Ok(url) = std::env::var(variable) else {
            eprintln!("skipped: Nacos {version} with users is not running ({variable} is not set)");
            continue;
        };
        let url = format!("{url}/nacos");
        token(version, &url).await;
        running.push((version, url));
    }
    running
}

/// A token of its own for the test's hand. In the first seconds the server does not know its first user yet.
async fn token(version: &str, url: &str) -> String {
    let client = Client::new(url);
    let (admin, login) =
        if version == "2.3" { ("/v1/auth/users/admin", "/v1/auth/login") } else { ("/v3/auth/user/admin", "/v3/auth/user/login") };
    // Refused from the second time on.
    let _ = client.answer(Ask::post(admin, "the first user").form([("password", PASSWORD)])).await;
    let deadline = Instant::now() + SOON;
    loop {
        let (status, text) = client.answer(Ask::post(login, "a login").form([("username", "nacos"), ("password", PASSWORD)])).await;
        if status == 200 {
            let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
            return answer["accessToken"].as_str().unwrap().to_owned();
        }
        assert!(Instant::now() < deadline, "Nacos {version}: {status} {text}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn with_login(url: &str, password: &str) -> Arc<NacosRegistry> {
    let mut config = settings(RegistryKind::Nacos, url);
    config.login = Some(("nacos".into(), Secret::new(password)));
    adapter(config)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_reads_and_writes_and_says_when_it_runs_out() {
    for (version, url) in servers().await {
        let token = token(version, &url).await;
        Client::new(&url).register("behind-users", "10.0.0.1", 80, &[("accessToken", &token)]).await;
        let registry = with_login(&url, PASSWORD);
        let (_, instances) = Watch::start(&registry).listed().await;
        let listed = instances.iter().any(|instance| &*instance.key.service.name == "behind-users");
        assert!(listed, "Nacos {version}: {instances:?}");
        let Login::Accepted { as_user, expires } = registry.report().login else { panic!("Nacos {version}: {:?}", registry.report()) };
        assert!(as_user == "nacos" && expires.is_some(), "Nacos {version}: {as_user} until {expires:?}");

        let service = service_key("", "DEFAULT_GROUP", "behind-users");
        let instance = LocalInstanceId("10.0.0.1:80".into());
        let found = instances.iter().find(|one| one.key.service == service).map(|one| one.key.clone());
        let key = found.unwrap_or(InstanceKey { service, cluster: "DEFAULT".into(), instance });
        let edit = InstanceEdit { weight: Some(3.0), ..InstanceEdit::default() };
        registry.edit_instance(&key, &edit).await.unwrap_or_else(|error| panic!("Nacos {version}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_none_are_told_apart() {
    for (version, url) in servers().await {
        let wrong = with_login(&url, "not-the-password");
        let error = Watch::start(&wrong).item(SOON).await.unwrap_err();
        // 3.1 answers a wrong password with 500, which could also be trouble of its own: its words are passed on.
        let refused = matches!(error, RegistryError::Unauthorized { .. } | RegistryError::Rejected { .. });
        assert!(refused, "Nacos {version}: {error}");
        assert!(!error.to_string().contains("not-the-password"), "Nacos {version}: {error}");
        assert!(matches!(wrong.report().login, Login::Refused { .. }), "Nacos {version}: {:?}", wrong.report().login);

        let none = adapter(settings(RegistryKind::Nacos, &url));
        let (_, instances) = Watch::start(&none).listed().await;
        let report = none.report();
        let told = report.problems.iter().any(|problem| matches!(problem, SourceProblem::Forbidden { .. }));
        assert!(instances.is_empty() && told, "Nacos {version}: an empty list that says why: {report:?}");
        assert_eq!(report.login, Login::None, "Nacos {version}");
    }
}
