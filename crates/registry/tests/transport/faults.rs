//! One endpoint, everything that can go wrong with it: each is a clear error that says what.

use std::time::Duration;

use pilothouse_registry::RegistryError;
use pilothouse_registry::transport::{Ask, Endpoints, EndpointsConfig};

use crate::server::{Does, Server, answer, config, endpoints, eventually, json, nobody};

fn services() -> Ask {
    Ask::get("/v1/services", "the services")
}

async fn words(does: Does) -> String {
    let server = Server::start(does).await;
    let outcome = async { endpoints(&[&server.url]).ask(services()).await?.ok()?.json::<Vec<u32>>() }.await;
    outcome.unwrap_err().to_string().replace(&server.url, "E")
}

#[tokio::test]
async fn every_bad_answer_has_its_words() {
    let length = |n: usize| Does::HangsUpAfter(format!("HTTP/1.1 200 OK\r\ncontent-length: {n}\r\n\r\n[1").into_bytes());
    let cases = [
        (Does::Nothing, "E did not answer the services within 1000 ms"),
        (Does::HangsUpAfter(Vec::new()), "E broke off while answering the services: the connection was closed before the answer was whole"),
        (length(99), "E broke off while answering the services: end of file before message length reached"),
        (length(50 << 20), "E answered the services with more than 33554432 bytes"),
        (Does::Sends(b"-ERR unknown command\r\n".to_vec()), "E does not answer like Nacos: it does not answer in HTTP"),
        (Does::Sends(b"\x15\x03\x01\x00\x02\x02\x46".to_vec()), "E does not answer like Nacos: it does not answer in HTTP"),
        (Does::Sends(b"HTTP/1.1 0 \r\n\r\n".to_vec()), "E does not answer like Nacos: it does not answer in HTTP"),
        (answer("200 OK", "text/html", "<!doctype html><p>Welcome"), "E does not answer like Nacos: it answered with a page of HTML"),
        (answer("404 Not Found", "text/html", "<html>"), "E does not answer like Nacos: it answered 404 with a page of HTML"),
        (answer("302 Found", "text/plain", ""), "E does not answer like Nacos: it redirects (302) to nowhere"),
        (answer("500 Internal Server Error", "text/plain", "caused: no disk"), "E answered 500 to the services: caused: no disk"),
        (answer("502 Bad Gateway", "text/plain", "upstream"), "E answered 502 to the services: upstream"),
        (answer("401 Unauthorized", "text/plain", "who?"), "E refuses the credentials: who?"),
        (answer("403 Forbidden", "text/plain", "no"), "the credentials may not read or write the services"),
        (json("[oops"), "E does not answer like Nacos: no JSON: line 1 column 2"),
        (json("{}"), "E does not answer like Nacos: JSON of another shape: invalid type: map, expected a sequence at line 1 column 0"),
    ];
    for (does, expected) in cases {
        assert_eq!(words(does).await, expected);
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let url = nobody().await;
    let endpoints = endpoints(&[&url]);
    let error = endpoints.ask(services()).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { why, .. } if why.contains("refused")), "{error}");
    let status = endpoints.statuses().remove(0);
    assert_eq!(status.last_error, Some((pilothouse_model::Millis(1_000_000), error.to_string())));
    assert_eq!(endpoints.connections(), 0);
}

#[tokio::test]
async fn an_unannounced_flood_is_cut_off() {
    let mut flood = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..64 {
        flood.extend_from_slice(b"4000\r\n");
        flood.extend_from_slice(&[b' '; 0x4000]);
        flood.extend_from_slice(b"\r\n");
    }
    let server = Server::start(Does::Sends(flood)).await;
    let mut config = config(&[&server.url]);
    config.max_body = 100_000;
    let endpoints = Endpoints::new(config, std::sync::Arc::new(|| pilothouse_model::Millis(0))).unwrap();
    let error = endpoints.ask(services()).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { limit: 100_000, .. }), "{error}");
    eventually("the connection being closed", || server.connections() == 0 && endpoints.connections() == 0).await;
}

#[tokio::test]
async fn a_config_may_be_html() {
    let server = Server::start(answer("200 OK", "text/html", "<html>hello")).await;
    let answer = endpoints(&[&server.url]).ask(services().any_text()).await.unwrap().ok().unwrap();
    assert_eq!(answer.text(), "<html>hello");
}

#[tokio::test]
async fn giving_up_closes_the_connection_and_harms_nothing() {
    let server = Server::start(Does::Nothing).await;
    let endpoints = endpoints(&[&server.url]);
    for _ in 0..10 {
        let ask = endpoints.ask(services().waiting(Duration::from_secs(60)));
        let given_up = tokio::time::timeout(Duration::from_millis(20), ask).await;
        assert!(given_up.is_err());
    }
    eventually("every connection being closed", || server.connections() == 0 && endpoints.connections() == 0).await;
    server.now_does(json("[1]"));
    assert_eq!(endpoints.ask(services()).await.unwrap().json::<Vec<u32>>().unwrap(), [1]);
}

#[tokio::test]
async fn connections_stay_within_their_bound() {
    let server = Server::start(Does::Nothing).await;
    let mut config = config(&[&server.url]);
    config.max_connections = 4;
    let endpoints = std::sync::Arc::new(Endpoints::new(config, std::sync::Arc::new(|| pilothouse_model::Millis(0))).unwrap());
    let mut asks = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let endpoints = std::sync::Arc::clone(&endpoints);
        asks.spawn(async move { endpoints.ask(services().waiting(Duration::from_millis(100))).await });
    }
    let mut most = 0;
    while !asks.is_empty() {
        most = most.max(server.connections()).max(endpoints.connections() as usize);
        let _ = tokio::time::timeout(Duration::from_millis(5), asks.join_next()).await;
    }
    assert!((2..=4).contains(&most), "{most} connections");
    assert_eq!(endpoints.requests_per_minute(), u32::try_from(server.seen().len()).unwrap());
}

#[test]
fn settings_are_checked_without_repeating_a_password() {
    let error = |urls: &[&str]| {
        let config = EndpointsConfig::new(urls.iter().map(|url| (*url).to_owned()).collect(), "Nacos");
        Endpoints::new(config, std::sync::Arc::new(|| pilothouse_model::Millis(0))).err().unwrap().to_string()
    };
    assert_eq!(error(&[]), "urls: at least one is needed");
    assert_eq!(error(&["http://a", "a:1"]), "urls[1]: a URL begins with http:// or https://");
    assert_eq!(
        error(&["http://root:s3cret@a"]),
        "urls[0]: credentials do not belong into a URL: use the settings for user, password or token"
    );
}
