//! The fleet, driven event by event.

mod client;
mod deltas;
mod scenario;
mod silent;
