//! The embedded registry accepts a change → every one of 1,000 streams has read its frame, with 10,000 instances known.

use anyhow::Result;
use tokio::time::Instant;

use super::{LOST, QUIET, needle};
use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    nacos::Embedded,
    quantile::quantile,
    sse::Streams,
};

const SERVICES: usize = 1_000;
const EACH: usize = 10;
const STREAMS: usize = 1_000;
const ROUNDS: usize = 60;

/// 99th percentile over every change and every stream.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let embedded = Embedded::start(&arguments.program).await?;
    load::fill(&embedded.api, SERVICES, EACH).await?;
    let console = Console::start(arguments, Connected { kind: "embedded", url: &embedded.api.url }, (SERVICES * EACH) as u32).await?;
    let mut streams = Streams::open(&console.stream("services"), STREAMS).await?;
    let mut latencies = Vec::with_capacity(ROUNDS * STREAMS);
    for (number, row) in console.services(ROUNDS).await?.into_iter().enumerate() {
        assert_eq!(row.name, load::service(number), "services come by name");
        streams.settle(QUIET).await?;
        load::add_one(&embedded.api, number).await?;
        let accepted = Instant::now();
        let round = streams.next(&needle(&row.id), STREAMS, LOST).await?;
        // A push may overtake the answer to the registration: that is no latency.
        latencies.extend(round.moments.iter().map(|at| at.saturating_duration_since(accepted).as_secs_f64() * 1000.0));
    }
    console.process.stop().await?;
    embedded.stop().await?;
    let figure = |q: f64, name: &str, goal: f64| {
        Figure::new(
            format!("embedded accepts → frame, 10,000 instances, 1,000 streams, {name}"),
            quantile(&latencies, q),
            "ms",
            Goal::AtMost(goal),
        )
    };
    Ok(vec![figure(0.5, "p50", 250.0), figure(0.99, "p99", 250.0)])
}
