//! Several endpoints: reads find one that works, writes are never sent twice.

use std::time::Duration;

use pilothouse_model::Breaker;
use pilothouse_registry::RegistryError;
use pilothouse_registry::transport::Ask;

use crate::server::{Does, Server, answer, endpoints, json, nobody};

fn read() -> Ask {
    Ask::get("/r", "the services")
}

fn write() -> Ask {
    Ask::put("/w", "the instance").form([("weight", "2")])
}

#[tokio::test]
async fn a_read_goes_on_to_the_next_endpoint_and_stays_there() {
    let bad = [
        Does::Nothing,
        Does::HangsUpAfter(Vec::new()),
        answer("503 Service Unavailable", "text/plain", "server is STARTING"),
        answer("500 Internal Server Error", "text/plain", "No cluster leader"),
        answer("200 OK", "text/html", "<html>login"),
    ];
    for does in bad {
        let (first, second) = (Server::start(does).await, Server::start(json("[2]")).await);
        let endpoints = endpoints(&[&nobody().await, &first.url, &second.url]);
        for _ in 0..2 {
            let answer = endpoints.ask(read()).await.unwrap();
            assert_eq!((answer.index, answer.json::<Vec<u32>>().unwrap()), (2, vec![2]));
        }
        assert_eq!((first.seen().len(), second.seen().len()), (1, 2), "each once, then the good one first");
    }
}

#[tokio::test]
async fn an_ordinary_refusal_is_an_answer() {
    let (first, second) =
        (Server::start(answer("500 Internal Server Error", "text/plain", "caused: x")).await, Server::start(json("2")).await);
    let answer = endpoints(&[&first.url, &second.url]).ask(read()).await.unwrap();
    assert_eq!((answer.status, answer.index), (500, 0));
    assert_eq!(second.seen().len(), 0);
}

#[tokio::test]
async fn when_all_are_bad_the_most_telling_one_is_returned() {
    let (first, second) =
        (Server::start(answer("503 Service Unavailable", "text/plain", "down")).await, Server::start(Does::HangsUpAfter(Vec::new())).await);
    let answer = endpoints(&[&first.url, &second.url, &nobody().await]).ask(read()).await.unwrap();
    assert_eq!((answer.status, answer.excerpt().as_str()), (503, "down"));
}

#[tokio::test]
async fn a_write_moves_on_only_when_no_connection_stood() {
    let good = Server::start(json("true")).await;
    let answer = endpoints(&[&nobody().await, &good.url]).ask(write()).await.unwrap();
    assert_eq!(answer.index, 1);
    assert_eq!(good.seen(), ["PUT /w weight=2"]);
}

#[tokio::test]
async fn a_write_is_never_sent_twice() {
    let bad = [
        Does::Nothing,
        Does::HangsUpAfter(Vec::new()),
        Does::HangsUpAfter(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec()),
        Does::Sends(b"garbage\r\n\r\n".to_vec()),
        answer("503 Service Unavailable", "text/plain", "down"),
        answer("500 Internal Server Error", "text/plain", "No cluster leader"),
    ];
    for does in bad {
        let (first, second) = (Server::start(does).await, Server::start(json("true")).await);
        let endpoints = endpoints(&[&first.url, &second.url]);
        let outcome = endpoints.ask(write()).await.and_then(pilothouse_registry::transport::Answer::ok);
        assert!(outcome.is_err());
        assert_eq!((first.seen().len(), second.seen().len()), (1, 0));
    }
}

/// A server closes its idle connections whenever it likes. A write must not land on one of those and be left in doubt.
#[tokio::test]
async fn a_write_never_uses_an_old_connection() {
    let server = Server::start(json("[]")).await;
    let endpoints = endpoints(&[&server.url]);
    endpoints.ask(read()).await.unwrap();
    let held = server.connections();
    server.now_does(Does::Nothing);
    let (_, most) = tokio::join!(endpoints.ask(write()), async {
        let mut most = 0;
        while server.seen().len() < 2 {
            most = most.max(server.connections());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        most.max(server.connections())
    });
    assert_eq!((held, most), (1, 2));
}

#[tokio::test]
async fn a_long_poll_that_times_out_asks_nobody_else_but_the_next_one_does() {
    let (first, second) = (Server::start(Does::Nothing).await, Server::start(json("[]")).await);
    let endpoints = endpoints(&[&first.url, &second.url]);
    let error = endpoints.ask(read().waiting(Duration::from_millis(50))).await.unwrap_err();
    assert!(matches!(error, RegistryError::Timeout { after_ms: 50, .. }), "{error}");
    assert_eq!(second.seen().len(), 0);
    assert_eq!(endpoints.ask(read()).await.unwrap().index, 1);
    assert_eq!(endpoints.statuses()[0].p50_ms, None, "a wait is no latency");
    assert!(endpoints.statuses()[1].p50_ms.is_some());
}

#[tokio::test]
async fn a_pinned_request_stays_where_it_belongs() {
    let (first, second) = (Server::start(json("1")).await, Server::start(json("2")).await);
    let endpoints = endpoints(&[&first.url, &second.url]);
    assert_eq!(endpoints.ask(read().pinned(1)).await.unwrap().index, 1);
    assert_eq!(endpoints.ask(read()).await.unwrap().index, 0, "a pinned answer changes no preference");
    second.now_does(Does::HangsUpAfter(Vec::new()));
    assert!(endpoints.ask(read().pinned(1)).await.is_err());
    assert!(matches!(endpoints.ask(read().pinned(7)).await, Err(RegistryError::NoEndpoint(_))));
}

#[tokio::test]
async fn a_dead_endpoint_is_left_alone_and_tried_again() {
    let dead = Server::start(Does::HangsUpAfter(Vec::new())).await;
    let endpoints = endpoints(&[&dead.url]);
    for _ in 0..5 {
        assert!(endpoints.ask(read()).await.is_err());
    }
    let error = endpoints.ask(read()).await.unwrap_err();
    assert!(matches!(error, RegistryError::NoEndpoint(_)), "{error}");
    assert_eq!(dead.seen().len(), 5);
    assert!(matches!(endpoints.statuses()[0].breaker, Breaker::Open { until } if until.0 > 1_000_000));
    dead.now_does(json("[]"));
    let recovered = async {
        while endpoints.ask(read()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), recovered).await.unwrap();
    assert_eq!(dead.seen().len(), 6, "one try");
    assert_eq!(endpoints.statuses()[0].breaker, Breaker::Closed);
}
