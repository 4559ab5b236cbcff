//! The pages: one Leptos app, rendered on the server, hydrated in the browser, live from then on.
//!
//! It speaks `/api/v1` in the browser and one trait, [`data::PageSource`], on the server. It must never know the console's use
//! cases, the hub, the store or a registry's protocol. No view reads a clock, a locale or the target it is compiled for: what
//! differs between server and browser comes in through context.

#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "the component macro writes `pub` beside every component")]
#![allow(clippy::needless_pass_by_value, reason = "a view outlives the call that makes it")]
#![cfg_attr(feature = "ssr", allow(dead_code, reason = "what only a browser does is never called on the server"))]

#[cfg(not(any(feature = "ssr", feature = "hydrate", feature = "csr")))]
compile_error!("choose what to build: the features are `ssr`, `hydrate` and `csr`");

mod actions;
mod app;
pub mod boot;
mod chosen;
mod components;
pub mod data;
mod distinct;
pub mod i18n;
mod live;
mod pages;
mod place;
pub mod preferences;
mod shell;
mod view;

pub use app::App;
#[cfg(feature = "hydrate")]
pub use boot::hydrate;
