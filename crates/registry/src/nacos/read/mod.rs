//! Reading the naming module: namespaces, counts, one service, everything.
//!
//! Health comes from the catalog (1.x, 2.x) or a v3 list alone, a cluster at a time. Nothing here remembers anything.

mod counts;
mod members;
mod namespaces;
mod protection;
mod service;

pub(super) use counts::{Counts, CountsFrom};
pub(super) use members::{Listed, Member, Members};
pub(super) use namespaces::Namespaces;
pub(super) use service::Reading;
