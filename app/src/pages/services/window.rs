//! Which rows exist: those in sight and a few around them. The rest is empty height.

use std::ops::Range;

use leptos::html;
use leptos::prelude::*;

/// Rows around those in sight.
const AROUND: usize = 8;

/// What is known of the place the rows scroll in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sight {
    /// Pixels scrolled.
    pub(super) top: f64,
    /// Pixels in sight; `None` before the browser measured.
    pub(super) height: Option<f64>,
    /// Pixels of one row.
    pub(super) row: f64,
}

impl Default for Sight {
    fn default() -> Self {
        Self { top: 0.0, height: None, row: 26.0 }
    }
}

impl Sight {
    /// Rows that exist, of `count`. On the server the first page.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "row numbers")]
    pub(super) fn rows(self, count: usize) -> Range<usize> {
        let Some(height) = self.height else { return 0..count.min(pilothouse_api::FIRST_ROWS) };
        let first = ((self.top / self.row) as usize).saturating_sub(AROUND);
        // Starting at even rows, every other step of scrolling changes nothing.
        let first = (first / 2 * 2).min(count);
        let last = ((self.top + height) / self.row).ceil() as usize + AROUND;
        first..last.max(first).min(count)
    }

    /// The first and last row in sight, from 1, of `count`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "row numbers")]
    pub(super) fn seen(self, count: usize) -> (usize, usize) {
        let Some(height) = self.height else { return (1.min(count), count.min(pilothouse_api::FIRST_ROWS)) };
        let first = (self.top / self.row) as usize + 1;
        // The head covers one row.
        let last = ((self.top + height) / self.row) as usize - 1;
        (first.min(count), last.clamp(first.min(count), count))
    }

    /// How far to scroll so that a row is wholly in sight; `None`: it is.
    #[expect(clippy::cast_precision_loss, reason = "row numbers")]
    pub(super) fn reveal(self, index: usize) -> Option<f64> {
        let height = self.height?;
        let (start, end) = (index as f64 * self.row, (index + 1) as f64 * self.row);
        if start < self.top {
            Some(start)
        } else if end + self.row > self.top + height {
            Some(end + self.row - height)
        } else {
            None
        }
    }
}

/// Measures the scrolled element whenever it scrolls or the window changes.
pub(super) fn watch(element: NodeRef<html::Div>) -> RwSignal<Sight> {
    let sight = RwSignal::new(Sight::default());
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    Effect::new(move |_| {
        if element.get().is_some() {
            measure(element, sight);
            let handle = window_event_listener(leptos::ev::resize, move |_| measure(element, sight));
            on_cleanup(move || handle.remove());
        }
    });
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    let _ = element;
    sight
}

/// Reads what is in sight.
pub(super) fn measure(element: NodeRef<html::Div>, sight: RwSignal<Sight>) {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    if let Some(element) = element.get_untracked() {
        let row = element.query_selector("tbody tr[aria-rowindex]").ok().flatten().map(|row| row.get_bounding_client_rect().height());
        let measured = Sight {
            top: f64::from(element.scroll_top()),
            height: Some(f64::from(element.client_height())),
            row: row.filter(|height| *height > 8.0).unwrap_or_else(|| sight.get_untracked().row),
        };
        if sight.get_untracked() != measured {
            sight.set(measured);
        }
    }
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    let _ = (element, sight);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_exist_wherever_one_looks() {
        let sight = Sight { top: 0.0, height: Some(700.0), row: 26.0 };
        assert_eq!(sight.rows(10_000), 0..35);
        for top in [0.0, 26.0, 5_000.0, 200_000.0, 259_300.0, 1e9] {
            let rows = Sight { top, ..sight }.rows(10_000);
            assert!(rows.len() <= 60, "{top}: {rows:?}");
        }
        assert_eq!(sight.rows(3), 0..3);
        assert_eq!(Sight::default().rows(10_000), 0..60);
    }

    #[test]
    fn the_rows_in_sight_are_named() {
        let sight = Sight { top: 52.0, height: Some(260.0), row: 26.0 };
        assert_eq!(sight.seen(100), (3, 11));
        assert_eq!(sight.seen(5), (3, 5));
        assert_eq!(Sight::default().seen(0), (0, 0));
    }

    #[test]
    fn a_row_is_revealed_only_when_it_is_hidden() {
        let sight = Sight { top: 260.0, height: Some(260.0), row: 26.0 };
        assert_eq!(sight.reveal(12), None);
        assert_eq!(sight.reveal(3), Some(78.0));
        assert_eq!(sight.reveal(30), Some(572.0));
    }
}
