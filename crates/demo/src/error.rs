//! Why the fleet could not run.

use std::io;

use thiserror::Error;

/// Why the fleet stopped, or did not start.
#[derive(Debug, Error)]
pub enum DemoError {
    /// No registry was named.
    #[error("no registry to register at: give at least one base url")]
    NoRegistry,
    /// A base URL is none.
    #[error("`{url}` is not an http base url such as http://127.0.0.1:8848/nacos")]
    BadUrl {
        /// What was given.
        url: String,
    },
    /// The HTTP client could not be made.
    #[error("cannot make an http client")]
    Client(#[source] reqwest::Error),
    /// A registry did not answer in time.
    #[error("the registry {registry} did not become ready within {seconds} s: {last}")]
    Unreachable {
        /// Its base URL.
        registry: String,
        /// How long it was waited for.
        seconds: u64,
        /// What the last attempt met.
        last: String,
    },
    /// The control interface failed.
    #[error("cannot serve the control interface")]
    Control(#[source] io::Error),
    /// A part of the fleet ended by itself.
    #[error("the {task} task ended unexpectedly")]
    Ended {
        /// Which one.
        task: &'static str,
    },
}
