//! HashiCorp Consul: its catalog as services and instances, its health checks as health, its KV store as configs.
//!
//! | here | there |
//! |---|---|
//! | namespace | datacenter; group and cluster are empty |
//! | instance | a service registration; its local id is `node/service id` |
//! | health | *derived*: unhealthy when any check of the instance or of its node is critical, as Consul's own DNS routes; a warning still takes traffic |
//! | enabled | not in maintenance mode, neither itself nor its node; the maintenance check counts for nothing else |
//! | weight | `Weights.Passing` |
//! | metadata | `Meta`, and the tags as one comma list under `tags` unless `Meta` has that key |
//! | incarnation | the registration's create index |
//! | config revision | the key's modify index |
//!
//! The watch holds two blocking queries, whatever the number of services (`watch.rs`). This module must never know another
//! registry, the fleet or a page.

mod changes;
mod client;
mod configs;
mod cursor;
mod mapping;
mod operate;
mod registry;
mod state;
mod sweep;
mod view;
mod watch;
mod wire;

pub use registry::{ConsulConfig, ConsulRegistry};
