//! CPU of the console's process alone while 10,000 instances are known and nothing changes.

use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep};

use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    nacos::Embedded,
};

const SERVICES: usize = 1_000;
const EACH: usize = 10;
const SETTLE: Duration = Duration::from_secs(10);
/// Twice the longest sweep, so that a paced one is in it.
const SPAN: Duration = Duration::from_secs(120);

/// Percent of one core.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let embedded = Embedded::start(&arguments.program).await?;
    load::fill(&embedded.api, SERVICES, EACH).await?;
    let console = Console::start(arguments, Connected { kind: "embedded", url: &embedded.api.url }, (SERVICES * EACH) as u32).await?;
    sleep(SETTLE).await;
    let (started, before) = (Instant::now(), console.process.cpu_seconds()?);
    sleep(SPAN).await;
    let spent = console.process.cpu_seconds()? - before;
    let percent = 100.0 * spent / started.elapsed().as_secs_f64();
    console.process.stop().await?;
    embedded.stop().await?;
    Ok(vec![Figure::new("CPU of the idle console, 10,000 instances", percent, "% of a core", Goal::AtMost(2.0))])
}
