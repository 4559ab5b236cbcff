//! Streams: snapshot, deltas, resume, reset, topics, bye.

use std::sync::Arc;

use pilothouse_api::{Body, Topic};
use pilothouse_console::Rights;
use pilothouse_hub::{Cursor, Hub, LiveStream, OpenError};

use crate::reader::Reader;
use crate::recording::{MemoryLedger, start};
use crate::scripted::{Director, Scripted, instance, service};

async fn hub() -> (Hub, Director) {
    let (registry, director) = Scripted::new("a");
    let hub = start(&Arc::default(), vec![registry]).await;
    (hub, director)
}

fn open(hub: &Hub, topics: &[Topic], cursor: Option<&str>) -> LiveStream {
    let cursor: Option<Cursor> = cursor.map(|text| text.parse().unwrap());
    hub.stream(Rights::local(), topics.to_vec(), cursor.as_ref()).unwrap()
}

fn total(reader: &Reader) -> u32 {
    reader.services.values().map(|row| row.total).sum()
}

#[tokio::test(start_paused = true)]
async fn hello_then_a_snapshot_then_deltas() {
    let (hub, director) = hub().await;
    director.list(vec![instance(service("a", "s"), 1, 1.0)]);
    let mut stream = open(&hub, &[Topic::Services], None);
    let mut reader = Reader::default();
    reader.until(&mut stream, |reader| total(reader) == 1).await;
    director.apply(instance(service("a", "s"), 2, 1.0));
    reader.until(&mut stream, |reader| total(reader) == 2).await;
    assert_eq!(reader.events[..2], ["hello", "snapshot"]);
    assert!(reader.last_event_id.as_deref().unwrap().starts_with("e1."));
    drop(stream);
    assert_eq!(hub.open_streams(), 0);
}

#[tokio::test(start_paused = true)]
async fn resuming_after_any_frame_equals_no_disconnect() {
    let (hub, director) = hub().await;
    director.list(vec![instance(service("a", "s0"), 1, 1.0)]);
    let mut whole_stream = open(&hub, &[Topic::Services], None);
    let mut whole = Reader::default();
    whole.until(&mut whole_stream, |reader| total(reader) == 1).await;
    for n in 2..8 {
        // A reader that leaves after every frame and comes back with its cursor.
        let mut torn = Reader { services: whole.services.clone(), last_event_id: whole.last_event_id.clone(), ..Reader::default() };
        let cursor = torn.last_event_id.clone();
        director.apply(instance(service("a", &format!("s{}", n % 3)), n, f64::from(n)));
        whole.until(&mut whole_stream, |reader| total(reader) == u32::from(n)).await;
        let mut again = open(&hub, &[Topic::Services], cursor.as_deref());
        torn.until(&mut again, |reader| reader.last_event_id == whole.last_event_id).await;
        assert_eq!(torn.services, whole.services);
        assert!(!torn.events.contains(&"snapshot".to_owned()), "{:?}", torn.events);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_is_not_held_gets_reset_and_snapshots() {
    let (hub, director) = hub().await;
    director.list(vec![instance(service("a", "s"), 1, 1.0)]);
    for cursor in ["other.1", "e1.999999"] {
        let mut stream = open(&hub, &[Topic::Services, Topic::Totals], Some(cursor));
        let mut reader = Reader::default();
        reader.until(&mut stream, |reader| total(reader) == 1).await;
        assert_eq!(reader.events[..2], ["hello", "reset"], "{cursor}");
        assert!(reader.events.iter().filter(|event| *event == "snapshot").count() == 2);
    }
}

#[tokio::test(start_paused = true)]
async fn topics_change_without_a_reconnect() {
    let (hub, director) = hub().await;
    let key = service("a", "s");
    director.list(vec![instance(key.clone(), 1, 1.0)]);
    let mut stream = open(&hub, &[Topic::Services], None);
    let mut reader = Reader::default();
    reader.until(&mut stream, |reader| total(reader) == 1).await;
    let topic = Topic::Service(key.id());
    hub.set_topics(&reader.stream, &Rights::local(), vec![topic]).unwrap().unwrap();
    reader.until(&mut stream, |reader| reader.frames.iter().any(|frame| frame.topic == topic)).await;
    // The service is on screen now: its beats are read, and end in a frame.
    let beat = |reader: &Reader| {
        reader.frames.iter().any(|frame| match &frame.body {
            Body::Service { answer: Some(answer) } => answer.instances[0].instance.heartbeat.last.is_some(),
            _ => false,
        })
    };
    reader.until(&mut stream, beat).await;
    let frames = reader.frames.len();
    director.apply(instance(key, 2, 1.0));
    reader.until(&mut stream, |reader| reader.frames.len() > frames).await;
    assert!(reader.frames[frames..].iter().all(|frame| frame.topic == topic), "what was left is not sent any more");
    assert!(hub.set_topics("stream-nobody", &Rights::local(), vec![topic]).unwrap().is_err());
    assert!(matches!(hub.set_topics(&reader.stream, &Rights::local(), vec![]), Err(OpenError::NoTopic)));
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_by_keep_alives_that_move_the_cursor() {
    let (hub, director) = hub().await;
    director.list(vec![instance(service("a", "s"), 1, 1.0)]);
    let mut stream = open(&hub, &[Topic::Ledger], None);
    let mut reader = Reader::default();
    reader.until(&mut stream, |reader| reader.last_event_id.is_some()).await;
    let first = reader.last_event_id.clone();
    director.apply(instance(service("a", "s"), 1, 5.0));
    reader.until(&mut stream, |reader| reader.last_event_id != first).await;
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_stops_says_bye_and_writes_what_it_knows() {
    let (registry, director) = Scripted::new("a");
    let ledger = Arc::new(MemoryLedger::default());
    let hub = start(&ledger, vec![registry]).await;
    director.list(vec![instance(service("a", "s"), 1, 1.0)]);
    let mut stream = open(&hub, &[Topic::Services], None);
    let mut reader = Reader::default();
    reader.until(&mut stream, |reader| total(reader) == 1).await;
    hub.stop().await;
    reader.until(&mut stream, |reader| reader.events.contains(&"bye".to_owned())).await;
    assert!(stream.next().await.is_none());
    assert_eq!(ledger.facts(), 3);
}
