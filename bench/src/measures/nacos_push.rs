//! A real Nacos accepts a change → a stream has the frame, beside what the same change takes over Nacos's own UDP push.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::{
    net::UdpSocket,
    time::{Instant, timeout},
};

use super::{LOST, needle};
use crate::{
    Arguments,
    console::{Connected, Console},
    figure::{Figure, Goal},
    load,
    nacos::Nacos,
    quantile::quantile,
    sse::Streams,
};

const SERVICES: usize = 20;
const ROUNDS: usize = 40;

/// 99th percentile of both.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Figure>> {
    let nacos = Nacos::at(arguments.nacos.as_deref().context("--nacos is where the real one is")?)?;
    load::fill(&nacos, SERVICES, 1).await?;
    let console = Console::start(arguments, Connected { kind: "nacos", url: &nacos.url }, SERVICES as u32).await?;
    let rows = console.services(SERVICES).await?;
    let mut stream = Streams::open(&console.stream("services"), 1).await?;
    let (mut ours, mut own) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let number = round % SERVICES;
        // A socket a round: a late push of the round before cannot be taken for this one's.
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        nacos.subscribe(&load::service(number), socket.local_addr()?.port()).await?;
        stream.settle(Duration::from_secs(1)).await?;
        let mut packet = vec![0; 65_536];
        // Who subscribes is pushed to as well: that is not this round's change.
        while timeout(Duration::from_millis(1), socket.recv_from(&mut packet)).await.is_ok() {}
        nacos.register(&load::service(number), &load::address(number, 100 + round), 8080, false).await?;
        let accepted = Instant::now();
        let needle = needle(&rows[number].id);
        let (frame, push) = tokio::join!(stream.next(&needle, 1, LOST), async {
            timeout(LOST, socket.recv_from(&mut packet)).await??;
            anyhow::Ok(Instant::now())
        });
        ours.push(frame?.moments[0].saturating_duration_since(accepted).as_secs_f64() * 1000.0);
        own.push(push.context("Nacos's own push")?.saturating_duration_since(accepted).as_secs_f64() * 1000.0);
    }
    console.process.stop().await?;
    let push = quantile(&own, 0.99);
    let figure = Figure::new("real Nacos accepts → frame, p99", quantile(&ours, 0.99), "ms", Goal::AtMost(push + 100.0));
    Ok(vec![figure.beside("its own UDP push", push)])
}
