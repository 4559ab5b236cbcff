//! Clients that listen to configs over a real socket.

mod served;

use std::time::{Duration, Instant};

use served::Served;

const MD5_OF_ONE: &str = "f97c5d29941bfb1b2fdab0874906ab82";

fn listening(md5: &str) -> String {
    format!("Listening-Configs=a.txt%02G%02{md5}%01b.txt%02G%02%02dev%01")
}

#[tokio::test]
async fn a_held_poll_is_answered_by_the_change_and_not_by_a_timer() {
    let served = Served::start().await;
    served.publish("dataId=a.txt&group=G&content=one", &[]).await;
    let poll = served.spawn_poll(listening(MD5_OF_ONE), "127.0.0.1");
    served.until_listening("a.txt", 1).await;
    let listeners = served.get("/nacos/v1/cs/configs/listener?dataId=a.txt&group=G").await;
    assert_eq!(listeners, format!(r#"{{"collectStatus":200,"lisentersGroupkeyStatus":{{"127.0.0.1":"{MD5_OF_ONE}"}}}}"#));
    let by_client = served.get("/nacos/v1/cs/listener?ip=127.0.0.1&all=true").await;
    assert_eq!(by_client, format!(r#"{{"collectStatus":200,"lisentersGroupkeyStatus":{{"a.txt+G":"{MD5_OF_ONE}","b.txt+G+dev":""}}}}"#));
    // The same content again is no change.
    served.publish("dataId=a.txt&group=G&content=one", &[]).await;
    served.until_listening("a.txt", 1).await;
    let published = Instant::now();
    served.publish("dataId=b.txt&group=G&content=x&tenant=dev", &[]).await;
    assert_eq!(poll.await.unwrap(), "b.txt%02G%02dev%01\n");
    assert!(published.elapsed() < Duration::from_secs(5), "the shortest hold is 10 s");
    served.until_listening("a.txt", 0).await;
    served.stop().await;
}

#[tokio::test]
async fn a_beta_wakes_only_the_addresses_it_is_for() {
    let served = Served::start().await;
    served.publish("dataId=a.txt&group=G&content=one", &[]).await;
    let chosen = served.spawn_poll(listening(MD5_OF_ONE), "10.0.0.5");
    let other = served.spawn_poll(listening(MD5_OF_ONE), "10.0.0.6");
    served.until_listening("a.txt", 2).await;
    served.publish("dataId=a.txt&group=G&content=beta", &[("betaIps", "10.0.0.5")]).await;
    assert_eq!(chosen.await.unwrap(), "a.txt%02G%01\n");
    served.until_listening("a.txt", 1).await;
    assert!(!other.is_finished());
    served.stop().await;
    // Shutdown ends what is held, at once and empty.
    assert_eq!(other.await.unwrap(), "");
}

#[tokio::test]
async fn a_poll_whose_client_goes_away_is_forgotten() {
    let served = Served::start().await;
    let poll = served.spawn_poll("Listening-Configs=a.txt%02G%02%01".to_owned(), "127.0.0.1");
    served.until_listening("a.txt", 1).await;
    poll.abort();
    served.until_listening("a.txt", 0).await;
    served.stop().await;
}
