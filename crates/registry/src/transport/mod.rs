//! How any HTTP registry is reached: endpoints with a breaker each, failover, TLS, bounded answers, measured latencies.
//!
//! It must never know what a registry's answers mean, beyond their status.

mod answer;
mod ask;
mod breaker;
mod connector;
mod endpoint;
mod endpoints;
mod exchange;
mod failure;
mod latency;
mod rate;
mod tls;
mod url;

pub use answer::Answer;
pub use ask::{Ask, encode_segment};
pub use breaker::CircuitBreaker;
pub use endpoints::{Clock, Endpoints, EndpointsConfig, EndpointsError};
pub use http::Method;
pub use tls::{TlsConfig, TlsConfigError};
