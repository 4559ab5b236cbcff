//! First byte of Overview and Services with 100,000 instances known: of the page, not of its headers.

use anyhow::{Context, Result};
use tokio::time::Instant;

use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    nacos::Embedded,
    quantile::quantile,
};

const SERVICES: usize = 10_000;
const EACH: usize = 10;
const WARM_UP: usize = 5;
const ROUNDS: usize = 200;

/// 95th percentile of each page.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let embedded = Embedded::start(&arguments.program).await?;
    load::fill(&embedded.api, SERVICES, EACH).await?;
    let console = Console::start(arguments, Connected { kind: "embedded", url: &embedded.api.url }, (SERVICES * EACH) as u32).await?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut figures = Vec::new();
    for (page, path) in [("Overview", "/"), ("Services", "/services")] {
        let mut times = Vec::with_capacity(ROUNDS);
        for round in 0..WARM_UP + ROUNDS {
            let asked = Instant::now();
            let mut response =
                client.get(format!("{}{path}", console.url)).header("Accept", "text/html").send().await?.error_for_status()?;
            response.chunk().await?.context("an empty page")?;
            if round >= WARM_UP {
                times.push(asked.elapsed().as_secs_f64() * 1000.0);
            }
            while response.chunk().await?.is_some() {}
        }
        figures.push(Figure::new(format!("{page}, first byte, 100,000 instances, p95"), quantile(&times, 0.95), "ms", Goal::AtMost(50.0)));
    }
    console.process.stop().await?;
    embedded.stop().await?;
    Ok(figures)
}
