//! The hub as the server uses it: registries that are scripted, a ledger in memory, real streams.

mod edits;
mod reader;
mod recording;
mod scripted;
mod streams;
mod supervision;
