//! Parts that several pages share. A part knows the store and the texts, never a page.

mod beat;
mod behind;
mod chip;
mod copy;
mod csv;
mod dialog;
mod fresh;
mod glyph;
mod interval;
mod kind;
mod moment;
mod rows;
mod share;
mod spark;
mod state;
mod strip;
mod toast;
mod token;

pub(crate) use beat::{Beating, beat_bar};
pub(crate) use behind::behind;
pub(crate) use chip::{chip, chip_boxed, status_chip};
pub(crate) use copy::copy_button;
pub(crate) use csv::{csv, download};
pub(crate) use dialog::{CloseDialog, dialog};
pub(crate) use fresh::fresh;
pub(crate) use glyph::{Glyph, icon, icon_large, icon_small, sprite};
pub(crate) use interval::Exact;
pub(crate) use kind::kind;
pub(crate) use moment::{Moment, moment};
pub(crate) use rows::move_in_rows;
pub(crate) use share::{Part, percent, share_bar, split_bar, swatch};
pub(crate) use spark::sparkline;
pub(crate) use state::{problem, skeleton, state};
pub(crate) use strip::strip;
pub(crate) use toast::{Act, Outcome, Toast, Toasts, toast_region};
pub(crate) use token::token;
