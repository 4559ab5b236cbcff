//! A small registry that speaks Nacos' HTTP protocol (naming and config, v1 and v2), keeps what must survive, and
//! is what the console works with when nothing else is connected.
//!
//! - `naming` and `config` are pure state machines: no I/O, no clock, no HTTP.
//! - `persist` makes their decisions durable before they are applied and answered.
//! - `http` reads requests as leniently as Nacos and answers in its words.
//! - `push` tells subscribers by UDP, `long_poll` those who listen to configs; both at once, without Nacos' delay.
//!
//! It differs from Nacos 2.5 where that serves people better: a write can be read back at once, a catalog's
//! instances carry `lastBeat`, `console/server/state` says `pilothouse`, a bounded thing says so when it is full,
//! and persistent instances are not probed (nothing here reaches out to an address somebody registered).

mod clock;
mod config;
mod core;
mod embedded;
mod error;
mod http;
mod long_poll;
mod namespace;
mod naming;
mod persist;
mod push;
mod sweep;

pub use clock::{Clock, SystemClock};
pub use embedded::{Embedded, EmbeddedConfig};
pub use error::ServeError;
pub use persist::OpenError;
