//! The wire: what services say to registries, over public HTTP and nothing else.

mod beats;
mod client;
mod configs;
mod jobs;

pub(crate) use beats::run as run_beats;
pub(crate) use client::Registries;
pub(crate) use configs::Configs;
pub(crate) use jobs::run as run_jobs;
