//! Memory of an idle stream: resident memory with 1,000 of them, less that of the same process with none.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    nacos::Embedded,
    peer::Bare,
    process::Measured,
    sse::Streams,
};

const STREAMS: usize = 1_000;
/// After this the allocator has given back what a start takes.
const SETTLE: Duration = Duration::from_secs(5);

/// KiB a stream, beside a bare `axum::serve`.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let embedded = Embedded::start(&arguments.program).await?;
    load::fill(&embedded.api, 40, 8).await?;
    let console = Console::start(arguments, Connected { kind: "embedded", url: &embedded.api.url }, 40 * 8).await?;
    let ours = a_stream(&console.process, &console.stream("totals")).await?;
    console.process.stop().await?;
    embedded.stop().await?;

    let peer = Bare::start(arguments).await?;
    let bare = a_stream(&peer.process, &peer.stream()).await?;
    peer.process.stop().await?;
    Ok(vec![Figure::new("resident memory of an idle stream", ours, "KiB", Goal::AtMost(12.0)).beside("bare axum::serve", bare)])
}

async fn a_stream(process: &Measured, url: &str) -> Result<f64> {
    sleep(SETTLE).await;
    let before = process.resident_kib()?;
    let streams = Streams::open(url, STREAMS).await?;
    sleep(SETTLE).await;
    let with = process.resident_kib()?;
    drop(streams);
    Ok(with.saturating_sub(before) as f64 / STREAMS as f64)
}
