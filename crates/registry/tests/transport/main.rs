//! The transport against servers that behave badly, on loopback.

mod failover;
mod faults;
mod server;
mod tls;
