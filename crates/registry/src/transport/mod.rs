//! How any HTTP registry is reached: endpoints with a breaker each, failover, TLS, bounded answers, measured latencies.
//!
//! It must never know what a registry's answers mean, beyond their status.

mod breaker;
mod endpoints;
mod latency;
mod tls;

pub use breaker::CircuitBreaker;
pub use endpoints::{Answer, Ask, Endpoints, EndpointsConfig, Method};
pub use tls::{TlsConfig, TlsConfigError};
