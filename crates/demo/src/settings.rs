//! What kind of fleet, and where it registers.

use tokio::net::TcpListener;

/// How large the fleet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetSize {
    /// Distinct services.
    pub services: usize,
    /// Registrations, over all registries. At least one per service is made.
    pub instances: usize,
}

impl Default for FleetSize {
    fn default() -> Self {
        Self { services: 40, instances: 300 }
    }
}

/// What [`run`](crate::run()) needs to know.
#[derive(Debug)]
pub struct DemoSettings {
    /// Base URLs such as `http://127.0.0.1:8848/nacos`; two, so that some services are in both.
    pub registries: Vec<String>,
    /// The same seed gives the same fleet and the same timeline.
    pub seed: u64,
    /// No timeline: everybody beats, nothing happens but what the control interface is told.
    pub quiet: bool,
    /// How large the fleet is.
    pub size: FleetSize,
    /// Where the control interface listens, if it should. It takes requests for loopback names only.
    pub control: Option<TcpListener>,
}
