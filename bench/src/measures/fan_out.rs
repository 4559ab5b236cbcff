//! One frame to 1,000 streams: from the first that has it to the last, against a bare axum broadcast of the same bytes.

use anyhow::Result;
use bytes::Bytes;

use super::{LOST, QUIET, needle};
use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    nacos::Embedded,
    peer::Bare,
    quantile::quantile,
    sse::{Round, Streams},
};

const STREAMS: usize = 1_000;
const ROUNDS: usize = 60;

/// Frames a second, in the median round.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let embedded = Embedded::start(&arguments.program).await?;
    load::fill(&embedded.api, ROUNDS, 10).await?;
    let console = Console::start(arguments, Connected { kind: "embedded", url: &embedded.api.url }, (ROUNDS * 10) as u32).await?;
    let mut streams = Streams::open(&console.stream("services"), STREAMS).await?;
    let mut ours = Vec::with_capacity(ROUNDS);
    let mut sample = Bytes::new();
    for (number, row) in console.services(ROUNDS).await?.into_iter().enumerate() {
        streams.settle(QUIET).await?;
        load::add_one(&embedded.api, number).await?;
        let round = streams.next(&needle(&row.id), STREAMS, LOST).await?;
        ours.push(frames_a_second(&round));
        sample = round.sample;
    }
    drop(streams);
    console.process.stop().await?;
    embedded.stop().await?;

    let peer = Bare::start(arguments).await?;
    let event = [&sample[..], b"\n\n"].concat();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut streams = Streams::open(&peer.stream(), STREAMS).await?;
    let mut theirs = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        streams.settle(QUIET).await?;
        client.post(peer.send()).body(event.clone()).send().await?.error_for_status()?;
        theirs.push(frames_a_second(&streams.next(&sample, STREAMS, LOST).await?));
    }
    peer.process.stop().await?;

    let bare = quantile(&theirs, 0.5);
    let figure = Figure::new("fan-out of one frame to 1,000 streams", quantile(&ours, 0.5), "frames/s", Goal::AtLeast(0.8 * bare));
    Ok(vec![figure.beside("bare axum broadcast", bare)])
}

fn frames_a_second(round: &Round) -> f64 {
    let (first, last) = (round.moments.iter().min(), round.moments.iter().max());
    let spread = first.zip(last).map(|(first, last)| (*last - *first).as_secs_f64()).unwrap_or_default();
    round.moments.len() as f64 / spread.max(f64::EPSILON)
}
