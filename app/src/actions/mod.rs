//! Dialogs that write: weight, drain and restore, metadata, deregister; for one instance or for several, one after the other.
//!
//! Nothing is shown as done before the registry's own answer was read back, and nothing is written from a view that is no longer
//! true: a conflict shows what is so now and keeps what was typed.

mod ask;
mod bulk;
mod change;
mod dialog;
mod metadata;
mod naming;
mod notes;
mod outcome;
mod results;
mod run;
mod summary;

pub(crate) use ask::{Action, Ask, Place, offered};
pub(crate) use bulk::bulk;
pub(crate) use dialog::action_dialog;
pub(crate) use notes::will_return;
