//! Many live streams at once. Each notes when an event came in, before anything else is done with it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::{Bytes, BytesMut};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, timeout},
};

/// Arrivals that may wait to be looked at; a full queue would slow the streams down and is a fault of the bench.
const QUEUE: usize = 1 << 18;
/// Streams opened at the same time.
const OPENING: usize = 50;

/// One event of one stream.
pub(crate) struct Arrival {
    /// When its last byte was read.
    pub(crate) at: Instant,
    /// The event: lines without the empty one at the end.
    pub(crate) event: Bytes,
}

/// One change as all streams saw it.
pub(crate) struct Round {
    /// When it came, once a stream.
    pub(crate) moments: Vec<Instant>,
    /// One of the events.
    pub(crate) sample: Bytes,
}

/// Open streams; they close with this value.
pub(crate) struct Streams {
    arrivals: mpsc::Receiver<Arrival>,
    /// Ends the tasks when dropped.
    _tasks: JoinSet<Result<()>>,
}

impl Streams {
    /// Opens `count` streams and waits until each has had its first event.
    pub(crate) async fn open(url: &str, count: usize) -> Result<Self> {
        // A pool would wait for a free connection: each stream is one for good.
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).tcp_nodelay(true).no_proxy().build()?;
        let (sender, arrivals) = mpsc::channel(QUEUE);
        let mut tasks = JoinSet::new();
        let mut opened = 0;
        while opened < count {
            let batch = OPENING.min(count - opened);
            let (begun, mut begins) = mpsc::channel::<()>(batch);
            for _ in 0..batch {
                tasks.spawn(follow(client.clone(), url.to_owned(), sender.clone(), begun.clone()));
            }
            drop(begun);
            for _ in 0..batch {
                timeout(Duration::from_secs(30), begins.recv()).await?.context("a stream ended before its first event")?;
            }
            opened += batch;
        }
        Ok(Self { arrivals, _tasks: tasks })
    }

    /// Throws away everything that came so far, and whatever comes until nothing has come for `quiet`.
    pub(crate) async fn settle(&mut self, quiet: Duration) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while let Ok(arrival) = timeout(quiet, self.arrivals.recv()).await {
            arrival.context("every stream ended")?;
            ensure!(Instant::now() < deadline, "the streams never fell silent");
        }
        Ok(())
    }

    /// Waits for `count` events that hold `needle`, one a stream.
    pub(crate) async fn next(&mut self, needle: &[u8], count: usize, limit: Duration) -> Result<Round> {
        let deadline = Instant::now() + limit;
        let mut moments = Vec::with_capacity(count);
        let mut sample = Bytes::new();
        while moments.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            let arrival = timeout(left, self.arrivals.recv()).await;
            let arrival = arrival.with_context(|| format!("{} of {count} streams had the frame in time", moments.len()))?;
            let arrival = arrival.context("every stream ended")?;
            if holds(&arrival.event, needle) {
                moments.push(arrival.at);
                sample = arrival.event;
            }
        }
        Ok(Round { moments, sample })
    }
}

async fn follow(client: reqwest::Client, url: String, sender: mpsc::Sender<Arrival>, begun: mpsc::Sender<()>) -> Result<()> {
    let mut response = client.get(url).send().await?.error_for_status()?;
    let mut begun = Some(begun);
    let mut buffer = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        let at = Instant::now();
        buffer.extend_from_slice(&chunk);
        while let Some(end) = find(&buffer, b"\n\n") {
            let event = buffer.split_to(end + 2).freeze().slice(..end);
            if let Some(begun) = begun.take() {
                begun.send(()).await?;
            }
            sender.send(Arrival { at, event }).await?;
        }
    }
    Ok(())
}

fn holds(text: &[u8], needle: &[u8]) -> bool {
    find(text, needle).is_some()
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}
